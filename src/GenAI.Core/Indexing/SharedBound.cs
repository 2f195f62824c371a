namespace GenAI.Core.Indexing;

/// <summary>The best bound that any of several threads has reached: a row below it is not among the best of all.</summary>
internal sealed class SharedBound
{
    private float _value = float.NegativeInfinity;

    public float Value => Volatile.Read(ref _value);

    public void Clear() => Volatile.Write(ref _value, float.NegativeInfinity);

    public void Raise(float bound)
    {
        var known = Value;
        while (bound > known)
        {
            var found = Interlocked.CompareExchange(ref _value, bound, known);
            if (found == known)
                return;
            known = found;
        }
    }
}

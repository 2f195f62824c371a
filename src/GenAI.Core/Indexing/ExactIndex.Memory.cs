namespace GenAI.Core.Indexing;

internal sealed partial class ExactIndex
{
    // An entry of the dictionary of ids takes 24 bytes and its bucket 4.
    private const int BytesPerEntry = 28;

    public override VectorIndexMemory Memory
    {
        get
        {
            _gate.EnterReadLock();
            try
            {
                return new VectorIndexMemory(
                    Codes: _codes?.Bytes ?? 0, Links: 0, Vectors: _rows.Bytes, Other: _ids.Length * (long)sizeof(long) + _slots.Count * (long)BytesPerEntry);
            }
            finally
            {
                _gate.ExitReadLock();
            }
        }
    }
}

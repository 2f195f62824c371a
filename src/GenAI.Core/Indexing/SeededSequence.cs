namespace GenAI.Core.Indexing;

/// <summary>Pseudo-random numbers that are the same for a seed wherever and whenever they are drawn (SplitMix64, Steele, Lea and Flood 2014).</summary>
internal struct SeededSequence(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to <paramref name="end"/>, without it.</summary>
    public int Next(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);
}

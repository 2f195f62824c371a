namespace GenAI.Core.Indexing;

/// <summary>Takes the terms of a text, one by one.</summary>
internal interface ITermSink
{
    /// <summary>Whether the hash of a term is enough, which is faster: then most terms come to <see cref="Add(ulong)"/>.</summary>
    static abstract bool WantsHashes { get; }

    /// <summary>Takes a term. The span is overwritten by the next term.</summary>
    void Add(ReadOnlySpan<char> term);

    /// <summary>Takes the <see cref="Text.TermHash"/> of a term; called only if <see cref="WantsHashes"/>.</summary>
    void Add(ulong hash);
}

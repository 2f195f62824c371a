namespace GenAI.Core.Indexing;

internal sealed partial class ExactIndex
{
    // An entry of the dictionary of ids takes 24 bytes and its bucket 4.
    private const int BytesPerId = sizeof(long) + 28;

    public override VectorIndexMemory Memory => new(
        Codes: 0, Links: 0, Vectors: (long)Count * (Dimensions + 1) * sizeof(float), Other: (long)Count * BytesPerId);
}

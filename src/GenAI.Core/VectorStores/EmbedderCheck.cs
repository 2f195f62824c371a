using GenAI.Core.Embeddings;

namespace GenAI.Core.VectorStores;

/// <summary>Compares what made the vectors of a collection with what is about to make more of them, or queries.</summary>
internal static class EmbedderCheck
{
    /// <summary>Refuses a schema whose generators are not those that filled the collection.</summary>
    public static void ThrowIfOther(LocalTable table, LocalSchema schema, int[] vectorColumns)
    {
        for (var i = 0; i < vectorColumns.Length; i++)
        {
            if (Of(schema.Vectors[i]) is { } embedder)
                ThrowIfOther(table, schema.Vectors[i].Name, vectorColumns[i], embedder);
        }
    }

    /// <exception cref="InvalidOperationException">The vectors of the column were made by another embedder.</exception>
    public static void ThrowIfOther(LocalTable table, string property, int column, EmbedderFingerprint embedder)
    {
        if (table.Embedders[column] is not { } stored || stored.DifferenceFrom(embedder) is not { } difference)
            return;
        throw new InvalidOperationException(
            $"The vectors of '{property}' in the collection '{table.Name}' were made by another embedder ({difference}): they cannot be compared with those of '{embedder.ModelId}', although they look alike. " +
            $"Open it with the embedder that made them, or have the new one make them anew with {nameof(LocalCollection<object, object>.ReembedAsync)}.");
    }

    /// <summary>What is known of a table's embedders once those of a schema are its own; null if that is no news.</summary>
    public static IReadOnlyList<EmbedderFingerprint?>? Adopted(LocalTable table, LocalSchema schema, int[] vectorColumns)
    {
        EmbedderFingerprint?[]? adopted = null;
        for (var i = 0; i < vectorColumns.Length; i++)
        {
            if (table.Embedders[vectorColumns[i]] is null && Of(schema.Vectors[i]) is { } embedder)
                (adopted ??= [.. table.Embedders])[vectorColumns[i]] = embedder;
        }

        return adopted;
    }

    // A generator that is merely at hand for queries counts as well: a query of another model finds nothing good.
    private static EmbedderFingerprint? Of(VectorField field) => field.Model.EmbeddingGenerator is { } generator ? EmbedderFingerprint.SaidBy(generator) : null;
}

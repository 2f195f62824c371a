using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenAI.Core.VectorStores;

/// <summary>Says which properties the local store can hold.</summary>
internal sealed class LocalModelBuilder() : CollectionModelBuilder(Options)
{
    private static readonly string[] IndexKinds = [IndexKind.Flat, IndexKind.QuantizedFlat, IndexKind.Hnsw, IndexKind.Dynamic];

    private static new readonly CollectionModelBuildingOptions Options = new()
    {
        SupportsMultipleVectors = true,
        RequiresAtLeastOneVector = false,
    };

    protected override void ValidateKeyProperty(KeyPropertyModel keyProperty)
    {
        base.ValidateKeyProperty(keyProperty);
        if (!ColumnTypes.IsKeyType(keyProperty.Type))
            throw new NotSupportedException($"The key property '{keyProperty.ModelName}' has the type {keyProperty.Type.Name}. The local store has keys of type {ColumnTypes.SupportedKeys}.");
    }

    protected override void ValidateProperty(PropertyModel propertyModel, VectorStoreCollectionDefinition? definition)
    {
        base.ValidateProperty(propertyModel, definition);
        switch (propertyModel)
        {
            case VectorPropertyModel vector:
                if (vector.IndexKind is { } kind && !IndexKinds.Contains(kind))
                    throw new NotSupportedException($"The vector property '{vector.ModelName}' asks for the index kind '{kind}', which the local store does not have. It has {string.Join(", ", IndexKinds)}.");
                _ = DistanceScore.Of(vector.DistanceFunction, vector.ModelName);
                break;
            case DataPropertyModel { IsFullTextIndexed: true } data when data.Type != typeof(string):
                throw new NotSupportedException($"The property '{data.ModelName}' is full-text indexed but has the type {data.Type.Name}. Only string properties can be.");
        }
    }

    protected override bool IsDataPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = ColumnTypes.ValueTypeOf(type, out _) is null ? ColumnTypes.Supported : null;
        return supportedTypes is null;
    }

    protected override bool IsVectorPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        var valid = type == typeof(ReadOnlyMemory<float>) || type == typeof(ReadOnlyMemory<float>?) || type == typeof(Embedding<float>) || type == typeof(float[]);
        supportedTypes = valid ? null : ColumnTypes.SupportedVectors;
        return valid;
    }
}

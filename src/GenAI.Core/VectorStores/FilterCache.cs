using System.Collections.Concurrent;
using System.Linq.Expressions;

namespace GenAI.Core.VectorStores;

/// <summary>The compiled filters of one collection's view, by shape.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class FilterCache
{
    // An application has a handful of shapes. One that builds filters of ever new shapes must not grow without end.
    public const int Capacity = 256;

    private readonly ConcurrentDictionary<string, FilterNode> _nodes = new(StringComparer.Ordinal);

    public int Count => _nodes.Count;

    /// <summary>The compiled form of a filter, and the values to run it with.</summary>
    public FilterNode Get(LambdaExpression filter, LocalSchema schema, int[] dataColumns, out object?[] parameters)
    {
        var shape = FilterShape.Of(filter);
        parameters = shape.Parameters;
        if (_nodes.TryGetValue(shape.Key, out var node))
            return node;

        node = new FilterTranslator(shape, filter.Parameters[0], schema, dataColumns).Translate(filter.Body);
        if (_nodes.Count >= Capacity)
            _nodes.Clear();
        _nodes[shape.Key] = node;
        return node;
    }
}

using System.Linq.Expressions;

namespace GenAI.Core.VectorStores;

/// <summary>Finds out which property a lambda such as <c>r => r.Title</c> or <c>r => r["Title"]</c> selects.</summary>
internal static class PropertySelector
{
    public static string NameOf(LambdaExpression selector)
    {
        var body = selector.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert } convert)
            body = convert.Operand;

        return body switch
        {
            MemberExpression member when member.Expression == selector.Parameters[0] => member.Member.Name,
            MethodCallExpression { Method.Name: "get_Item", Arguments: [var key] } item when item.Object == selector.Parameters[0]
                && ClosedExpression.Evaluate(key) is string name => name,
            _ => throw new InvalidOperationException($"'{selector}' does not select a property. Write it as record => record.Property, or record => record[\"Property\"] for a dictionary."),
        };
    }

    /// <summary>The index of the selected vector property, or of the only one.</summary>
    public static int Vector(LocalSchema schema, LambdaExpression? selector)
    {
        if (selector is not null)
        {
            var name = NameOf(selector);
            var index = schema.IndexOfVector(name);
            return index >= 0 ? index : throw NotFound(schema, name, "vector", schema.Vectors.Select(vector => vector.Name));
        }

        return schema.Vectors.Count switch
        {
            1 => 0,
            0 => throw new InvalidOperationException($"The '{schema.RecordName}' type does not have any vector properties."),
            _ => throw new InvalidOperationException($"The '{schema.RecordName}' type has multiple vector properties, please specify your chosen property via options."),
        };
    }

    /// <summary>The index of the selected full-text indexed property, or of the only one.</summary>
    public static int Text(LocalSchema schema, LambdaExpression? selector)
    {
        var indexed = schema.Data.Where(field => field.IsFullTextIndexed).Select(field => field.Name).ToArray();
        if (selector is not null)
        {
            var name = NameOf(selector);
            return indexed.Contains(name) ? schema.IndexOfData(name) : throw NotFound(schema, name, "full-text indexed", indexed);
        }

        return indexed.Length switch
        {
            1 => schema.IndexOfData(indexed[0]),
            0 => throw new InvalidOperationException($"The '{schema.RecordName}' type does not have any text data properties that have full text indexing enabled."),
            _ => throw new InvalidOperationException($"The '{schema.RecordName}' type has multiple text data properties that have full text indexing enabled, please specify your chosen property via options."),
        };
    }

    /// <summary>The column number of the key or data property that records are ordered by.</summary>
    public static int Order(LocalView view, LambdaExpression selector)
    {
        var name = NameOf(selector);
        if (view.Schema.Key.Name == name)
            return ColumnNode.Key;

        var index = view.Schema.IndexOfData(name);
        if (index < 0)
            throw NotFound(view.Schema, name, "key or data", view.Schema.Data.Select(field => field.Name).Prepend(view.Schema.Key.Name));
        return view.Schema.Data[index].IsList
            ? throw new NotSupportedException($"Records cannot be ordered by '{name}', which is a list. Order by a property with one value.")
            : view.DataColumns[index];
    }

    private static InvalidOperationException NotFound(LocalSchema schema, string name, string kind, IEnumerable<string> known) =>
        new($"'{name}' is not a {kind} property of '{schema.RecordName}'. It has: {string.Join(", ", known)}.");
}

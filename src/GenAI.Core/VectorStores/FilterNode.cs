using System.Runtime.CompilerServices;

namespace GenAI.Core.VectorStores;

/// <summary>A filter over the columns of a table, without the values that it was called with. Immutable, so that it can be used again.</summary>
internal abstract class FilterNode
{
    /// <summary>Keeps only those of <paramref name="rows"/> that pass.</summary>
    public abstract void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows);
}

/// <summary>Asks one column.</summary>
internal sealed class ColumnNode(int column, ValueTest test) : FilterNode
{
    /// <summary>The number that stands for the key.</summary>
    public const int Key = -1;

    public override void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows) =>
        table.NarrowByColumn_NeedsLock(column, test, parameters, rows);
}

/// <summary>Compares two columns with each other.</summary>
internal sealed class ColumnPairNode(int left, Comparison comparison, int right) : FilterNode
{
    public override void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows) =>
        table.ColumnOf(left).Narrow(comparison, table.ColumnOf(right), rows);
}

/// <summary>All parts pass. A part only looks at the rows that those before it left.</summary>
internal sealed class AndNode(FilterNode left, FilterNode right) : FilterNode
{
    public override void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        left.Narrow(table, parameters, rows);
        right.Narrow(table, parameters, rows);
    }
}

/// <summary>One part passes. The second only looks at the rows that the first refused.</summary>
internal sealed class OrNode(FilterNode left, FilterNode right) : FilterNode
{
    public override void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        using var rest = RowBits.Copy(rows);
        left.Narrow(table, parameters, rows);
        RowBits.Subtract(rest.Bits, rows);
        right.Narrow(table, parameters, rest.Bits);
        RowBits.Unite(rows, rest.Bits);
    }
}

/// <summary>The part does not pass.</summary>
internal sealed class NotNode(FilterNode part) : FilterNode
{
    public override void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        using var passing = RowBits.Copy(rows);
        part.Narrow(table, parameters, passing.Bits);
        RowBits.Subtract(rows, passing.Bits);
    }
}

/// <summary>A condition that does not look at the record.</summary>
internal sealed class ConstantNode(int parameter) : FilterNode
{
    public override void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows)
    {
        if (parameters[parameter] is not true)
            rows.Clear();
    }
}

/// <summary>The part is as true or false as a parameter.</summary>
internal sealed class SameAsNode(FilterNode part, int parameter, bool negated) : FilterNode
{
    private readonly NotNode _not = new(part);

    public override void Narrow(LocalTable table, object?[] parameters, Span<ulong> rows)
    {
        // A null is neither.
        if (parameters[parameter] is not bool expected)
        {
            if (!negated)
                rows.Clear();
        }
        else if (expected != negated)
        {
            part.Narrow(table, parameters, rows);
        }
        else
        {
            _not.Narrow(table, parameters, rows);
        }
    }
}

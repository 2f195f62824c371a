using System.Runtime.CompilerServices;

namespace GenAI.Core.VectorStores;

/// <summary>A filter over the columns of a table, without the values that it was called with. Immutable, so that it can be used again.</summary>
internal abstract class FilterNode
{
    /// <summary>Keeps only those of <paramref name="rows"/> that pass.</summary>
    public abstract void Narrow(TablePart part, object?[] parameters, Span<ulong> rows);
}

/// <summary>Asks one column.</summary>
internal sealed class ColumnNode(int column, ValueTest test) : FilterNode
{
    /// <summary>The number that stands for the key.</summary>
    public const int Key = -1;

    public override void Narrow(TablePart part, object?[] parameters, Span<ulong> rows) =>
        part.Narrow(column, test, parameters, rows);
}

/// <summary>Compares two columns with each other.</summary>
internal sealed class ColumnPairNode(int left, Comparison comparison, int right) : FilterNode
{
    public override void Narrow(TablePart part, object?[] parameters, Span<ulong> rows) =>
        part.ColumnOf(left).Narrow(comparison, part.ColumnOf(right), rows);
}

/// <summary>Both conditions hold. The second only looks at the rows that the first left.</summary>
internal sealed class AndNode(FilterNode left, FilterNode right) : FilterNode
{
    public override void Narrow(TablePart part, object?[] parameters, Span<ulong> rows)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        left.Narrow(part, parameters, rows);
        right.Narrow(part, parameters, rows);
    }
}

/// <summary>One condition holds. The second only looks at the rows that the first refused.</summary>
internal sealed class OrNode(FilterNode left, FilterNode right) : FilterNode
{
    public override void Narrow(TablePart part, object?[] parameters, Span<ulong> rows)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        using var rest = RowBits.Copy(rows);
        left.Narrow(part, parameters, rows);
        RowBits.Subtract(rest.Bits, rows);
        right.Narrow(part, parameters, rest.Bits);
        RowBits.Unite(rows, rest.Bits);
    }
}

/// <summary>The condition does not hold.</summary>
internal sealed class NotNode(FilterNode condition) : FilterNode
{
    public override void Narrow(TablePart part, object?[] parameters, Span<ulong> rows)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        using var passing = RowBits.Copy(rows);
        condition.Narrow(part, parameters, passing.Bits);
        RowBits.Subtract(rows, passing.Bits);
    }
}

/// <summary>A condition that does not look at the record.</summary>
internal sealed class ConstantNode(int parameter) : FilterNode
{
    public override void Narrow(TablePart part, object?[] parameters, Span<ulong> rows)
    {
        if (parameters[parameter] is not true)
            rows.Clear();
    }
}

/// <summary>The condition is as true or false as a parameter.</summary>
internal sealed class SameAsNode(FilterNode condition, int parameter, bool negated) : FilterNode
{
    private readonly NotNode _not = new(condition);

    public override void Narrow(TablePart part, object?[] parameters, Span<ulong> rows)
    {
        // A null is neither.
        if (parameters[parameter] is not bool expected)
        {
            if (!negated)
                rows.Clear();
        }
        else if (expected != negated)
        {
            condition.Narrow(part, parameters, rows);
        }
        else
        {
            _not.Narrow(part, parameters, rows);
        }
    }
}

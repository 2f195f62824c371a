namespace GenAI.Core.VectorStores;

/// <summary>What a filter asks of one value, with the numbers of the parameters that it is asked with. Holds no values itself, so that it can be kept and used again.</summary>
internal abstract record ValueTest;

/// <summary>Compares with a parameter.</summary>
/// <param name="Comparison">The signs accepted.</param>
/// <param name="Parameter">The number of the parameter.</param>
/// <param name="As">The type in which both sides are compared, after C#'s numeric promotions; not nullable.</param>
internal sealed record CompareTest(Comparison Comparison, int Parameter, Type As) : ValueTest;

/// <summary>Is one of a parameter's elements.</summary>
internal sealed record InTest(int Parameter, Type As) : ValueTest;

/// <summary>What is asked of a text.</summary>
internal enum TextMatch
{
    Equals,
    StartsWith,
    EndsWith,
    Contains,
}

/// <summary>Relates a text to a parameter.</summary>
internal sealed record TextTest(TextMatch Match, int Parameter, StringComparison Kind) : ValueTest;

/// <summary>Is null, or empty, or (with <paramref name="OrWhiteSpace"/>) nothing but white space.</summary>
internal sealed record EmptyTextTest(bool OrWhiteSpace) : ValueTest;

/// <summary>Is null.</summary>
internal sealed record NullTest : ValueTest;

/// <summary>Compares the length of a text or list with a parameter.</summary>
internal sealed record LengthTest(Comparison Comparison, int Parameter) : ValueTest;

/// <summary>Some element of a list passes a test, or (with <paramref name="All"/>) every one; without a test: there is an element.</summary>
internal sealed record ElementTest(ValueTest? Element, bool All) : ValueTest;

/// <summary>Both tests pass, or (with <paramref name="Or"/>) one of them.</summary>
internal sealed record BothTest(ValueTest Left, ValueTest Right, bool Or) : ValueTest;

/// <summary>The test does not pass.</summary>
internal sealed record NotTest(ValueTest Test) : ValueTest;

/// <summary>A parameter that is true.</summary>
internal sealed record ConstantTest(int Parameter) : ValueTest;

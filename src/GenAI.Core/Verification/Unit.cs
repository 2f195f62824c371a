namespace GenAI.Core.Verification;

/// <summary>A unit of measure: what it measures, and how much of the dimension's own unit one of it is.</summary>
/// <param name="Dimension">What it measures. A unit over a unit measures one dimension over the other.</param>
/// <param name="Factor">The value of one in the dimension's own unit.</param>
/// <param name="Offset">What zero of it is in the dimension's own unit: not 0 for temperatures only.</param>
internal readonly record struct Unit(string Dimension, double Factor, double Offset = 0)
{
    public const string Ratio = "ratio";

    public static Unit Percent { get; } = new(Ratio, 0.01);

    public bool IsNone => Dimension is null;

    public bool IsRatio => Dimension == Ratio;

    public double Convert(double value) => value * Factor + Offset;

    /// <summary>This unit per <paramref name="other"/>.</summary>
    public Unit Per(Unit other) => new($"{Dimension}/{other.Dimension}", Factor / other.Factor);
}

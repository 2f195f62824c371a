namespace GenAI.Core.Onnx.Running;

/// <summary>What a run put out for one item.</summary>
/// <param name="values">A row per token, without padding, or one row for the text.</param>
/// <param name="width">The values of a row.</param>
internal readonly ref struct RowOutput(ReadOnlySpan<float> values, int width)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public int Width { get; } = width;

    public int Rows => Values.Length / Width;

    public ReadOnlySpan<float> Row(int row) => Values.Slice(row * Width, Width);
}

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using GenAI.Core.Embeddings;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>A model file's model in single precision, as it was before its rows were rounded to 8 bits: what the rounding is measured against.</summary>
internal sealed class UnroundedModel
{
    private readonly StaticModel _model;

    private UnroundedModel(StaticModel model) => _model = model;

    /// <summary>With the rows that the training wrote beside the model (<c>TrainEmbedder small --rows FILE</c>).</summary>
    public static UnroundedModel OfRows(string path, string rows)
    {
        var model = Read(path);
        var values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(rows));
        if (values.Length != model.Rows.Length)
            throw new InvalidDataException($"'{rows}' has {values.Length} values and the model '{path}' {model.Rows.Length}: they are not of one training.");
        values.CopyTo(model.Rows);
        return new UnroundedModel(model);
    }

    /// <summary>With rows by chance, of those that rounding makes the model's: each component anywhere in the half step around its code, but the largest of a row, which rounding leaves as it is.</summary>
    public static UnroundedModel ByChance(string path, int seed)
    {
        var model = Read(path);
        var random = new Random(seed);
        for (var row = 0; row < model.Weights.Length; row++)
        {
            var values = model.Rows.AsSpan(row * model.RowLength, model.RowLength);
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(values));
            var step = largest / RowQuantizer.MaxCode;
            foreach (ref var value in values)
            {
                if (Math.Abs(value) < largest - step / 2)
                    value += step * (random.NextSingle() - 0.5f);
            }
        }

        return new UnroundedModel(model);
    }

    /// <summary>The unit vector of a text as the format defines it: 1/2 before the sum at a length of √3/2, or -1 where there is nothing to sum up. Safe for concurrent use.</summary>
    public float[] Embed(string text)
    {
        var tokens = new StaticTokens(_model.Vocabulary.Count);
        _model.Vocabulary.Tokenize(text, tokens);
        var sum = new float[_model.RowLength];
        for (var i = 0; i < tokens.Count; i++)
        {
            var factor = _model.Weights[tokens.Ids[i]] * MathF.Pow(tokens.Counts[i], _model.CountQuarters / 4f);
            TensorPrimitives.MultiplyAdd(_model.Rows.AsSpan(tokens.Ids[i] * _model.RowLength, _model.RowLength), factor, sum, sum);
        }

        var length = TensorPrimitives.Norm<float>(sum);
        if (length == 0)
            return [-1, .. sum];
        TensorPrimitives.Multiply(sum, MathF.Sqrt(0.75f) / length, sum);
        return [0.5f, .. sum];
    }

    private static StaticModel Read(string path)
    {
        using var file = StaticModelFile.Open(path);
        return file.ToModel();
    }
}

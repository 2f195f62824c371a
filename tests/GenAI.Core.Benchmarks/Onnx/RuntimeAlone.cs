using Microsoft.ML.OnnxRuntime;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>The peer: ONNX Runtime by itself with its default options, on tokens that are there already. No tokenizer, no pooling, no vectors.</summary>
internal sealed class RuntimeAlone(string graph) : IDisposable
{
    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] Outputs = ["last_hidden_state"];

    private readonly InferenceSession _session = new(graph);

    /// <summary>Sorts texts by length and packs them into batches of at most so many tokens with padding.</summary>
    public static List<long[][]> Pack(IEnumerable<long[]> texts, int maxTokens)
    {
        var batches = new List<long[][]>();
        var batch = new List<long[]>();
        foreach (var text in texts.OrderByDescending(text => text.Length))
        {
            if (batch.Count > 0 && (batch.Count + 1) * batch[0].Length > maxTokens)
            {
                batches.Add([.. batch]);
                batch.Clear();
            }

            batch.Add(text);
        }

        batches.Add([.. batch]);
        return batches;
    }

    /// <summary>Runs batches, each padded to its longest text or to so many columns.</summary>
    public void Run(IEnumerable<long[][]> batches, int columns = 0)
    {
        foreach (var batch in batches)
            Run(batch, columns);
    }

    public void Run(long[][] batch, int columns = 0)
    {
        columns = Math.Max(columns, batch.Max(text => text.Length));
        var (ids, mask, types) = (new long[batch.Length * columns], new long[batch.Length * columns], new long[batch.Length * columns]);
        for (var row = 0; row < batch.Length; row++)
        {
            batch[row].CopyTo(ids, row * columns);
            mask.AsSpan(row * columns, batch[row].Length).Fill(1);
        }

        long[] shape = [batch.Length, columns];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(types, shape);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, Inputs, [idsValue, maskValue, typesValue], Outputs);
    }

    public void Dispose() => _session.Dispose();
}

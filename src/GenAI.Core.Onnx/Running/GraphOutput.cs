using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GenAI.Core.Onnx.Running;

/// <summary>The output of a graph that is read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PerToken">Whether it has a row per token (three dimensions), or one per text (two).</param>
/// <param name="Width">The values of a row; null where only a run can tell.</param>
internal sealed record GraphOutput(string Name, bool PerToken, int? Width)
{
    private static readonly string[] PooledNames = ["sentence_embedding", "sentence_embeddings", "text_embeds", "text_embedding", "embeddings", "embedding", "dense_vecs", "pooled"];
    private static readonly string[] TokenNames = ["last_hidden_state", "token_embeddings", "hidden_states", "output", "output_0"];

    /// <summary>The output of an embedding model: one that is pooled by the graph, unless tokens are asked for.</summary>
    public static GraphOutput ForEmbeddings(InferenceSession session, string graph, string? name, bool wantsTokens)
    {
        var all = All(session);
        if (name is not null)
            return Named(all, name, graph);
        var tokens = Preferred(all.FindAll(output => output.PerToken), TokenNames);
        if (wantsTokens)
            return tokens ?? throw new OnnxModelException($"'{graph}' has no output with a vector per token, which pooling needs; its outputs are {List(all)}. Leave Pooling out.", graph);

        // BERT's pooler_output is not meant: it was trained for another task.
        var pooled = all.Find(output => !output.PerToken && PooledNames.Contains(output.Name)) ?? (tokens is null ? all.Find(output => !output.PerToken) : null);
        return pooled ?? tokens ?? throw new OnnxModelException($"'{graph}' has no output of embeddings: two dimensions (texts and values) or three (texts, tokens and values). Its outputs are {List(all)}.", graph);
    }

    /// <summary>The output of a classification head.</summary>
    public static GraphOutput ForScores(InferenceSession session, string graph, string? name)
    {
        var all = All(session);
        if (name is not null)
            return Named(all, name, graph);
        return Preferred(all.FindAll(output => !output.PerToken), ["logits", "scores", "output"])
            ?? throw new OnnxModelException($"'{graph}' has no output of scores (two dimensions: texts and labels). Its outputs are {List(all)}. Was the model exported for sequence classification?", graph);
    }

    private static List<GraphOutput> All(InferenceSession session)
    {
        var outputs = new List<GraphOutput>();
        foreach (var name in session.OutputNames)
        {
            var metadata = session.OutputMetadata[name];
            if (metadata.IsTensor && metadata.Dimensions.Length is 2 or 3 && OutputReader.CanRead(metadata.ElementDataType))
                outputs.Add(new GraphOutput(name, metadata.Dimensions.Length == 3, metadata.Dimensions[^1] > 0 ? metadata.Dimensions[^1] : null));
        }

        return outputs;
    }

    private static GraphOutput Named(List<GraphOutput> all, string name, string graph) =>
        all.Find(output => output.Name == name) ?? throw new OnnxModelException($"'{graph}' has no output '{name}' of numbers in two or three dimensions; OutputName can be {List(all)}.", graph);

    private static GraphOutput? Preferred(List<GraphOutput> outputs, string[] names) =>
        names.Select(name => outputs.Find(output => output.Name == name)).FirstOrDefault(output => output is not null) ?? outputs.FirstOrDefault();

    private static string List(List<GraphOutput> outputs) => outputs.Count == 0 ? "none of that kind" : string.Join(", ", outputs.Select(output => output.Name));
}

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GenAI.Core.Onnx.Running;

/// <summary>An input of a graph: its name, what it takes, and in which integers.</summary>
internal sealed record GraphInput(string Name, OnnxInputRole Role, bool IsInt64)
{
    /// <summary>Binds every input of a graph to its role.</summary>
    public static GraphInput[] Bind(InferenceSession session, string graph, IDictionary<string, OnnxInputRole> given)
    {
        foreach (var name in given.Keys)
        {
            if (!session.InputMetadata.ContainsKey(name))
                throw new OnnxModelException($"InputRoles names '{name}', but the inputs of '{graph}' are {string.Join(", ", session.InputNames)}.", graph);
        }

        var bound = session.InputNames.Select(name => Bind(name, session, graph, given)).ToArray();
        if (!Array.Exists(bound, input => input.Role == OnnxInputRole.TokenIds))
            throw new OnnxModelException($"No input of '{graph}' is known to take the ids of tokens; its inputs are {string.Join(", ", session.InputNames)}. Say by InputRoles which one does.", graph);
        if (bound.GroupBy(input => input.Role).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new OnnxModelException($"The inputs {string.Join(" and ", twice.Select(input => input.Name))} of '{graph}' both look like {twice.Key}. Say by InputRoles what each takes.", graph);
        return bound;
    }

    private static GraphInput Bind(string name, InferenceSession session, string graph, IDictionary<string, OnnxInputRole> given)
    {
        var metadata = session.InputMetadata[name];
        if (!given.TryGetValue(name, out var role))
            role = Guess(name) ?? throw new OnnxModelException($"The input '{name}' of '{graph}' is not one that a text model is known to have. Say by InputRoles what it takes, or export the model without it.", graph);
        if (!metadata.IsTensor || metadata.Dimensions.Length != 2 || metadata.ElementDataType is not (TensorElementType.Int64 or TensorElementType.Int32))
            throw new OnnxModelException($"The input '{name}' of '{graph}' takes {metadata.ElementDataType} of {metadata.Dimensions?.Length ?? 0} dimensions; a text model takes Int64 or Int32 of 2 (texts and tokens). Export the model again.", graph);
        return new GraphInput(name, role, metadata.ElementDataType == TensorElementType.Int64);
    }

    // By parts of names: exporters agree on input_ids and attention_mask, but not all of them.
    private static OnnxInputRole? Guess(string name)
    {
        var lower = name.ToLowerInvariant();
        if (lower.Contains("past") || lower.Contains("cache") || lower.Contains("task"))
            return null;
        if (lower.Contains("mask"))
            return OnnxInputRole.AttentionMask;
        if (lower.Contains("type") || lower.Contains("segment"))
            return OnnxInputRole.TokenTypes;
        if (lower.Contains("position"))
            return OnnxInputRole.Positions;
        return lower.Contains("id") || lower.Contains("token") || lower is "input" or "inputs" or "x" ? OnnxInputRole.TokenIds : null;
    }
}

using System.Text.RegularExpressions;

namespace GenAI.Core.Onnx.Downloads;

/// <summary>A model on the hub that is wanted, with every part checked to be safe in a path and in an address.</summary>
internal sealed partial record HubRequest(string Model, string? ModelFile, string Revision)
{
    /// <summary>Whether the revision is a commit, which never changes.</summary>
    public bool IsCommit => Commit().IsMatch(Revision);

    public static HubRequest Checked(string model, string? modelFile, string revision)
    {
        if (!ModelId().IsMatch(model) || model.Contains("..", StringComparison.Ordinal))
            throw new ArgumentException($"'{model}' is neither a folder nor the id of a model. An id is a name or an organisation and a name, such as BAAI/bge-small-en-v1.5.", nameof(model));
        if (modelFile is not null && (!IsSafe(modelFile) || !modelFile.EndsWith(".onnx", StringComparison.Ordinal)))
            throw new ArgumentException($"'{modelFile}' is not the path of an .onnx file below the model, such as onnx/model_quantized.onnx.", nameof(modelFile));
        if (string.IsNullOrEmpty(revision) || !RevisionName().IsMatch(revision) || revision.Contains("..", StringComparison.Ordinal))
            throw new ArgumentException($"'{revision}' is not a branch, tag or commit.", nameof(revision));
        return new HubRequest(model, modelFile, revision);
    }

    /// <summary>Whether a file's path stays below its folder on every system.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= 500
        && path.All(c => c >= ' ' && c is not ('\\' or ':'))
        && path.Split('/').All(part => part.Length > 0 && !part.EndsWith('.') && !part.EndsWith(' '));

    [GeneratedRegex(@"\A[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?\z", RegexOptions.ECMAScript)]
    private static partial Regex ModelId();

    [GeneratedRegex(@"\A[\w][\w./-]{0,254}\z", RegexOptions.ECMAScript)]
    private static partial Regex RevisionName();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();
}

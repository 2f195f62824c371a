using System.Text.Json;

namespace GenAI.Core.Onnx.Downloads;

/// <summary>Reads what the hub says of a model, and chooses the files that are needed.</summary>
internal static class SnapshotReader
{
    private static readonly string[] Graphs = ["onnx/model.onnx", "model.onnx"];

    // What decides tokens and vectors; weights of other frameworks, pictures and pages are left where they are.
    private static readonly string[] Needed = [".json", ".txt", ".model"];

    public static HubSnapshot Read(JsonElement root, HubRequest request, string address)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "sha") is not { Length: > 0 } commit || !commit.All(char.IsAsciiHexDigitLower)
            || !root.TryGetProperty("siblings", out var siblings) || siblings.ValueKind != JsonValueKind.Array)
            throw new OnnxModelException($"The answer of '{address}' does not describe a model: it has no commit and list of files. Is the endpoint a model hub?", address);

        var all = siblings.EnumerateArray().Select(sibling => File(sibling, address)).ToList();
        var graph = request.ModelFile is { } wanted ? all.Find(file => file.Path == wanted) : Graphs.Select(name => all.Find(file => file.Path == name)).FirstOrDefault(file => file is not null);
        if (graph is null)
        {
            var onnx = string.Join(", ", all.Where(file => file.Path.EndsWith(".onnx", StringComparison.Ordinal)).Select(file => file.Path));
            throw new OnnxModelException($"The model '{request.Model}' has no {request.ModelFile ?? "onnx/model.onnx or model.onnx"}. {(onnx.Length > 0 ? $"It has {onnx}: name one of them." : "It has no .onnx file: export it, or choose another model.")}", request.Model);
        }

        return new HubSnapshot(commit, all.FindAll(file => file == graph || IsNeeded(file.Path) || IsLayer(file.Path) || IsDataOf(graph.Path, file.Path)));
    }

    private static bool IsNeeded(string path) => Needed.Contains(Path.GetExtension(path)) && !path.StartsWith("openvino/", StringComparison.Ordinal) && path.Count(c => c == '/') <= 1;

    // The weights of a layer that sentence-transformers runs after the network (2_Dense); those of the network are in the graph.
    private static bool IsLayer(string path) => path.EndsWith("_Dense/model.safetensors", StringComparison.Ordinal) && path.Count(c => c == '/') == 1;

    // Exporters call the data model.onnx_data, model.onnx.data or model.data.
    private static bool IsDataOf(string graph, string path) =>
        path.StartsWith(graph + "_data", StringComparison.Ordinal) || path.StartsWith(graph + ".data", StringComparison.Ordinal) || path == Path.ChangeExtension(graph, ".data");

    private static HubFile File(JsonElement sibling, string address)
    {
        var path = Text(sibling, "rfilename") ?? "";
        if (!HubRequest.IsSafe(path))
            throw new OnnxModelException($"'{address}' lists a file '{path}', whose name could lead out of the model's folder. Nothing was fetched; do not trust this endpoint.", address);
        var lfs = sibling.TryGetProperty("lfs", out var value) && value.ValueKind == JsonValueKind.Object ? value : default;
        return new HubFile(path, Bytes(lfs) ?? Bytes(sibling) ?? 0, Text(lfs, "sha256"), Text(sibling, "blobId"));
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Bytes(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : null;
}

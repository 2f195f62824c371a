namespace GenAI.Core.Onnx.Models;

/// <summary>A model folder as it is published: where its graph is, and the files around it.</summary>
internal sealed class ModelFolder
{
    private static readonly string[] GraphFolders = ["", "onnx"];
    private static readonly string[] TokenizerNames =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "vocab.json", "merges.txt", "tokenizer.model", "sentencepiece.bpe.model", "spiece.model"];

    private ModelFolder(string path, string graph, IReadOnlyList<string> data)
    {
        Path = path;
        Graph = graph;
        Data = data;
        Modules = SentenceModules.Read(path);
        Transformer = System.IO.Path.Combine(path, Modules.TransformerFolder);
        Config = ModelConfig.Read(Transformer);
    }

    /// <summary>The folder, a full path.</summary>
    public string Path { get; }

    /// <summary>The graph, a full path.</summary>
    public string Graph { get; }

    /// <summary>The files beside the graph that hold its large tensors.</summary>
    public IReadOnlyList<string> Data { get; }

    /// <summary>What sentence-transformers put into the folder.</summary>
    public SentenceModules Modules { get; }

    /// <summary>The folder with the network's configuration and its tokenizer.</summary>
    public string Transformer { get; }

    public ModelConfig Config { get; }

    /// <summary>The folder's name, which is the model's.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    public static ModelFolder Open(string folder, string? modelFile)
    {
        var path = System.IO.Path.GetFullPath(folder);
        if (!Directory.Exists(path))
            throw new OnnxModelException($"There is no model folder '{path}'. Name a folder with model.onnx and the tokenizer's files, or get one by ModelStore.ResolveAsync.", path);

        var graph = modelFile is null ? FindGraph(path) : System.IO.Path.GetFullPath(System.IO.Path.Combine(path, modelFile));
        if (!File.Exists(graph))
            throw new OnnxModelException($"There is no file '{graph}'. Set ModelFile to a path below '{path}'; it has {List(Graphs(path), path)}.", graph);

        var data = OnnxFile.ExternalData(graph).Select(name => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(graph)!, name)).ToList();
        if (data.Find(file => !File.Exists(file)) is { } missing)
            throw new OnnxModelException($"The model '{graph}' keeps its weights in '{missing}', which is not there. Put the file beside the model under that name.", missing);
        return new ModelFolder(path, graph, data);
    }

    /// <summary>Every file that the tokens of a text depend on.</summary>
    public IEnumerable<string> TokenizerFiles() =>
        TokenizerNames.Select(name => System.IO.Path.Combine(Transformer, name)).Where(File.Exists);

    private static string FindGraph(string path)
    {
        var graphs = Graphs(path);
        foreach (var folder in GraphFolders)
        {
            var usual = System.IO.Path.Combine(path, folder, "model.onnx");
            if (graphs.Contains(usual))
                return usual;
        }

        return graphs.Count switch
        {
            1 => graphs[0],
            0 => throw new OnnxModelException($"The folder '{path}' has no .onnx file, nor has its folder onnx. Export the model to ONNX, for example with optimum-cli, or name another folder.", path),
            _ => throw new OnnxModelException($"The folder '{path}' has no model.onnx, but {List(graphs, path)}. Choose one by ModelFile.", path),
        };
    }

    private static List<string> Graphs(string path) =>
        [.. GraphFolders.Select(folder => System.IO.Path.Combine(path, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.onnx")).Order(StringComparer.Ordinal)];

    private static string List(List<string> graphs, string path) =>
        graphs.Count == 0 ? "no .onnx files" : string.Join(", ", graphs.Select(graph => System.IO.Path.GetRelativePath(path, graph)));
}

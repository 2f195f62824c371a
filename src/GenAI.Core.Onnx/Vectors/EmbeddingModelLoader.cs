using GenAI.Core.Onnx.Models;
using GenAI.Core.Onnx.Running;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>Decides, from a model folder and options, everything that a vector depends on.</summary>
internal static class EmbeddingModelLoader
{
    /// <summary>Loads the model and decides how its tokens become the vector of a text.</summary>
    public static OnnxModel Load(string path, OnnxEmbeddingOptions options, out EmbeddingPooling? pooling, out Pooler pooler)
    {
        if (options.Pooling is { } asked && (asked == 0 || (asked & ~(EmbeddingPooling)63) != 0))
            throw new ArgumentException($"Pooling is {(int)asked}, which is none of {nameof(EmbeddingPooling)}.", nameof(options));
        var model = OnnxModel.Load(path, options, (session, folder) => GraphOutput.ForEmbeddings(session, folder.Graph, options.OutputName, wantsTokens: options.Pooling is not null));
        try
        {
            pooling = model.Session.Output.PerToken ? options.Pooling ?? model.Folder.Modules.Pooling?.Pooling ?? EmbeddingPooling.Mean : null;
            pooler = new Pooler(pooling, pooling is null ? [] : Layers(model.Folder));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static DenseLayer[] Layers(ModelFolder folder) => folder.Modules.OtherSteps is [var step, ..]
        ? throw new OnnxModelException(
            $"modules.json in '{folder.Path}' has a step '{step}' after the pooling, which is not in the graph '{folder.Graph}'. Export the model with an output sentence_embedding (optimum-cli export onnx --library sentence-transformers), which has it.",
            folder.Path)
        : [.. DenseFolders(folder).Select(DenseLayer.Read)];

    private static IEnumerable<string> DenseFolders(ModelFolder folder) => folder.Modules.DenseFolders.Select(name => Path.Combine(folder.Path, name));

    /// <summary>Says what was decided; runs the model once to see its vectors and that the tokenizer is its own.</summary>
    public static OnnxModelDescription Describe(OnnxModel model, OnnxEmbeddingOptions options, EmbeddingPooling? pooling, Pooler pooler)
    {
        var folder = model.Folder;
        var width = Probe.Width(model);
        if (pooler.Misfit(width) is { } misfit)
            throw new OnnxModelException($"The dense layers of modules.json in '{folder.Path}' do not fit the graph '{folder.Graph}': {misfit}. Use the folders of one model.", folder.Path);
        var modelDimensions = pooler.Dimensions(width);
        if (options.Dimensions > modelDimensions)
            throw new OnnxModelException($"Dimensions is {options.Dimensions}, but '{folder.Graph}' makes vectors of {modelDimensions}. Set Dimensions to {modelDimensions} or less, or leave it out.", folder.Graph);

        var prompts = folder.Modules.Prompts;
        var description = new OnnxModelDescription
        {
            ModelId = folder.Name,
            ModelFile = folder.Graph,
            Dimensions = options.Dimensions ?? modelDimensions,
            ModelDimensions = modelDimensions,
            MaxTokens = model.Encoder.MaxTokens,
            Pooling = pooling,
            Normalize = options.Normalize ?? folder.Modules.Normalizes ?? true,
            QueryPrompt = options.QueryPrompt ?? prompts.Query,
            DocumentPrompt = options.DocumentPrompt ?? prompts.Document,
            DefaultPrompt = prompts.Default,
            PoolsPrompt = pooling is null || (folder.Modules.Pooling?.IncludesPrompt ?? true),
            LowerCase = folder.Modules.LowerCase,
            PadsLeft = model.Session.PadsLeft,
            Output = model.Session.Output.Name,
            ExecutionProvider = model.Provider,
            Fingerprint = "",
        };
        return description with { Fingerprint = Fingerprint(folder, description, options.OverlongText) };
    }

    private static string Fingerprint(ModelFolder folder, OnnxModelDescription description, OverlongText overlong)
    {
        var hash = new ModelHash();
        hash.AddFile(folder.Graph);
        var layers = description.Pooling is null ? [] : DenseFolders(folder).SelectMany(DenseLayer.Files);
        foreach (var file in folder.Data.Concat(folder.TokenizerFiles()).Concat(layers))
            hash.AddFile(file);
        hash.Add(description.Output);
        hash.Add(description.Dimensions);
        hash.Add(description.MaxTokens);
        hash.Add((int)(description.Pooling ?? 0));
        hash.Add((description.Normalize ? 1 : 0) | (description.PoolsPrompt ? 2 : 0) | (description.LowerCase ? 4 : 0) | (description.PadsLeft ? 8 : 0));
        hash.Add(description.QueryPrompt);
        hash.Add(description.DocumentPrompt);
        hash.Add(description.DefaultPrompt);
        hash.Add((int)overlong);
        return hash.ToString();
    }
}

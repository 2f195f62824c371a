using GenAI.Core.Onnx.Models;
using GenAI.Core.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace GenAI.Core.Onnx.Running;

/// <summary>A loaded model: its folder, tokenizer, session and line of texts. What embedders, rerankers and classifiers share.</summary>
internal sealed class OnnxModel : IDisposable
{
    // Where no file says how long a text may be: what BERT and most after it read.
    private const int UsualMaxTokens = 512;

    private OnnxModel(ModelFolder folder, HuggingFaceTokenizer tokenizer, ModelSession session, TextEncoder encoder, BatchScheduler scheduler, OnnxExecutionProvider provider)
    {
        Folder = folder;
        Tokenizer = tokenizer;
        Session = session;
        Encoder = encoder;
        Scheduler = scheduler;
        Provider = provider;
    }

    public ModelFolder Folder { get; }

    public HuggingFaceTokenizer Tokenizer { get; }

    public ModelSession Session { get; }

    public TextEncoder Encoder { get; }

    public BatchScheduler Scheduler { get; }

    public OnnxExecutionProvider Provider { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">The options.</param>
    /// <param name="chooseOutput">Chooses which output of the graph is read.</param>
    public static OnnxModel Load(string path, OnnxModelOptions options, Func<InferenceSession, ModelFolder, GraphOutput> chooseOutput)
    {
        var folder = ModelFolder.Open(path, options.ModelFile);
        var tokenizer = LoadTokenizer(folder);
        if (folder.Config.Vocabulary is { } rows && tokenizer.VocabularySize > rows)
            throw new OnnxModelException($"The tokenizer in '{folder.Transformer}' has ids up to {tokenizer.VocabularySize - 1}, but config.json gives the model {rows}. Use the tokenizer's files of this model.", folder.Transformer);

        var (inference, provider) = SessionFactory.Open(folder.Graph, options);
        try
        {
            var session = new ModelSession(inference, folder.Graph, GraphInput.Bind(inference, folder.Graph, options.InputRoles), chooseOutput(inference, folder))
            {
                PaddingId = tokenizer.PaddingId ?? folder.Config.PaddingId ?? 0,
                PadsLeft = PadsLeft(folder, tokenizer),
                FirstPosition = folder.Config.PositionOffset,
            };
            var encoder = new TextEncoder(tokenizer, MaxTokens(folder, tokenizer, session, options), folder.Modules.LowerCase, session.Counters);
            var scheduler = new BatchScheduler(session, Limits(session, options, provider), options.BatchDelay, options.Workers);
            return new OnnxModel(folder, tokenizer, session, encoder, scheduler, provider);
        }
        catch
        {
            inference.Dispose();
            throw;
        }
    }

    /// <summary>Lets the running batches end, then releases the model.</summary>
    public void Dispose()
    {
        Scheduler.Dispose();
        Session.Dispose();
    }

    private static HuggingFaceTokenizer LoadTokenizer(ModelFolder folder)
    {
        if (!folder.TokenizerFiles().Any())
            throw new OnnxModelException($"The folder '{folder.Transformer}' has no tokenizer: neither tokenizer.json nor vocab.txt nor a SentencePiece model. Put the file beside the model.", folder.Transformer);
        try
        {
            return HuggingFaceTokenizer.Load(folder.Transformer);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException or FormatException or System.Text.Json.JsonException or ArgumentException)
        {
            throw new OnnxModelException($"The tokenizer in '{folder.Transformer}' cannot be read: {exception.Message}", folder.Transformer, exception);
        }
    }

    private static bool PadsLeft(ModelFolder folder, HuggingFaceTokenizer tokenizer) =>
        JsonFile.Read(folder.Transformer, "tokenizer_config.json").Text("padding_side") is { } side
            ? side == "left"
            : tokenizer.Padding?.Side == TokenSide.Left;

    private static int MaxTokens(ModelFolder folder, HuggingFaceTokenizer tokenizer, ModelSession session, OnnxModelOptions options)
    {
        var cap = Math.Min(folder.Config.MaxPositions ?? int.MaxValue, session.FixedColumns ?? int.MaxValue);
        if (options.MaxTokens > cap)
            throw new OnnxModelException($"MaxTokens is {options.MaxTokens}, but '{folder.Graph}' has positions for {cap} tokens. Set MaxTokens to {cap} or less, or leave it out.", folder.Graph);
        var said = options.MaxTokens ?? folder.Modules.MaxTokens ?? tokenizer.ModelMaxTokens ?? tokenizer.Truncation?.MaxTokens;
        return said is null && cap == int.MaxValue ? UsualMaxTokens : Math.Min(said ?? int.MaxValue, cap);
    }

    private static BatchLimits Limits(ModelSession session, OnnxModelOptions options, OnnxExecutionProvider provider)
    {
        // On a processor a batch of 512 tokens for each thread is as fast as any (decision 95); a GPU wants to be filled.
        var tokens = options.MaxBatchTokens ?? (provider is OnnxExecutionProvider.Cpu or OnnxExecutionProvider.Xnnpack ? 512 * SessionFactory.ThreadsPerRun(options) : 16_384);
        return new BatchLimits(tokens, Math.Min(options.MaxBatchTexts, session.FixedRows ?? int.MaxValue));
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace GenAI.Core.Onnx;

/// <summary>What all models have in common: which file, on what hardware, in what batches. What is not set is read from the model folder.</summary>
/// <remarks>Read once, when the model is loaded.</remarks>
public abstract class OnnxModelOptions
{
    private protected OnnxModelOptions()
    {
    }

    /// <summary>The graph to load, relative to the model folder, such as <c>onnx/model_quantized.onnx</c>.</summary>
    /// <value>The default, <see langword="null"/>, is <c>model.onnx</c> or <c>onnx/model.onnx</c>, else the only .onnx file of those two folders.</value>
    public string? ModelFile { get; set; }

    /// <summary>The most tokens of a text that the model reads, special tokens included.</summary>
    /// <value>3 or more. The default, <see langword="null"/>, is what the folder says.</value>
    public int? MaxTokens
    {
        get;
        set
        {
            if (value is { } tokens)
                ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 3, nameof(MaxTokens));
            field = value;
        }
    }

    /// <summary>What the model runs on.</summary>
    /// <value>The default is <see cref="OnnxExecutionProvider.Cpu"/>.</value>
    public OnnxExecutionProvider ExecutionProvider { get; set; }

    /// <summary>Which GPU, for the providers that count them.</summary>
    /// <value>0 or more. The default is 0.</value>
    public int DeviceId
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(DeviceId));
            field = value;
        }
    }

    /// <summary>Options of the execution provider, by the names that ONNX Runtime documents, such as <c>gpu_mem_limit</c>.</summary>
    public IDictionary<string, string> ProviderOptions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether to run on the processor, with a warning in the log, where the execution provider is missing. The default is an error.</summary>
    public bool FallBackToCpu { get; set; }

    /// <summary>Changes the options of the session after everything else has set them.</summary>
    public Action<SessionOptions>? ConfigureSession { get; set; }

    /// <summary>How many runs of the session may be under way at once, each on a thread of its own.</summary>
    /// <value>1 to 64. The default is 1: one run has all processors, which is fastest for a lone text. See the guide for ingestion alone.</value>
    public int Workers
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(Workers));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64, nameof(Workers));
            field = value;
        }
    } = 1;

    /// <summary>How many threads a run has on the processor.</summary>
    /// <value>1 or more. The default, <see langword="null"/>, shares the processors among the workers.</value>
    public int? ThreadsPerRun
    {
        get;
        set
        {
            if (value is { } threads)
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads, nameof(ThreadsPerRun));
            field = value;
        }
    }

    /// <summary>The most tokens of a batch, padding included: the longest text's times the number of texts. A longer text is a batch of its own.</summary>
    /// <value>1 or more. The default, <see langword="null"/>, is 512 for each thread of a run, and 16,384 on a GPU.</value>
    public int? MaxBatchTokens
    {
        get;
        set
        {
            if (value is { } tokens)
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokens, nameof(MaxBatchTokens));
            field = value;
        }
    }

    /// <summary>The most texts of a batch.</summary>
    /// <value>1 or more. The default is 256.</value>
    public int MaxBatchTexts
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxBatchTexts));
            field = value;
        }
    } = 256;

    /// <summary>How long a text may wait for others to share its batch with. It waits only while other calls are under way.</summary>
    /// <value>0 to 1 s. The default is 0: texts that come while a batch runs share the next one, and none waits for more.</value>
    public TimeSpan BatchDelay
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(BatchDelay));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(1), nameof(BatchDelay));
            field = value;
        }
    }

    /// <summary>What inputs with unusual names take, by name.</summary>
    public IDictionary<string, OnnxInputRole> InputRoles { get; } = new Dictionary<string, OnnxInputRole>(StringComparer.Ordinal);

    /// <summary>The output to read, by name.</summary>
    /// <value>The default, <see langword="null"/>, chooses by name and shape.</value>
    public string? OutputName { get; set; }

    /// <summary>Where warnings go, such as that of <see cref="FallBackToCpu"/>.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }
}

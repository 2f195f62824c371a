using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace GenAI.Core.Onnx.Running;

/// <summary>Opens sessions on the execution provider that the options choose.</summary>
internal static partial class SessionFactory
{
    /// <summary>Opens a session; the second value is the provider that it runs on.</summary>
    public static (InferenceSession Session, OnnxExecutionProvider Provider) Open(string graph, OnnxModelOptions options)
    {
        try
        {
            var provider = Choose(options);
            using var session = NewOptions(options, provider);
            return (new InferenceSession(graph, session), provider);
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            throw new OnnxModelException("The native library of ONNX Runtime is missing or does not fit. Add the package Microsoft.ML.OnnxRuntime (processor) or Microsoft.ML.OnnxRuntime.Gpu (CUDA) to the application, in the version of Microsoft.ML.OnnxRuntime.Managed.", graph, exception);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxModelException($"ONNX Runtime cannot load '{graph}': {exception.Message} If the file is whole, it may need a newer ONNX Runtime or custom operators (ConfigureSession), or more memory.", graph, exception);
        }
    }

    /// <summary>How many threads a run has on the processor.</summary>
    public static int ThreadsPerRun(OnnxModelOptions options) => options.ThreadsPerRun ?? Math.Max(1, Environment.ProcessorCount / options.Workers);

    private static OnnxExecutionProvider Choose(OnnxModelOptions options)
    {
        var wanted = options.ExecutionProvider;
        if (wanted == OnnxExecutionProvider.Cpu)
            return wanted;
        var (name, remedy) = Facts(wanted);
        var available = OrtEnv.Instance().GetAvailableProviders();
        if (available.Contains(name))
            return wanted;
        if (!options.FallBackToCpu)
            throw new OnnxModelException($"This application's ONNX Runtime has no {name} (it has {string.Join(", ", available)}). {remedy} Or set FallBackToCpu to run on the processor.", name);
        LogFallback(Logger(options), name, remedy);
        return OnnxExecutionProvider.Cpu;
    }

    private static SessionOptions NewOptions(OnnxModelOptions options, OnnxExecutionProvider provider)
    {
        var session = new SessionOptions
        {
            // Plans of memory are made for one shape, and here every batch has its own.
            EnableMemoryPattern = false,
            IntraOpNumThreads = ThreadsPerRun(options),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            Append(session, provider, options);
            options.ConfigureSession?.Invoke(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Append(SessionOptions session, OnnxExecutionProvider provider, OnnxModelOptions options)
    {
        var details = new Dictionary<string, string>(options.ProviderOptions);
        switch (provider)
        {
            case OnnxExecutionProvider.Cuda:
                using (var cuda = new OrtCUDAProviderOptions())
                {
                    details.TryAdd("device_id", $"{options.DeviceId}");
                    cuda.UpdateOptions(details);
                    session.AppendExecutionProvider_CUDA(cuda);
                }

                break;
            case OnnxExecutionProvider.TensorRt:
                using (var tensorRt = new OrtTensorRTProviderOptions())
                {
                    details.TryAdd("device_id", $"{options.DeviceId}");
                    tensorRt.UpdateOptions(details);
                    session.AppendExecutionProvider_Tensorrt(tensorRt);
                }

                break;
            case OnnxExecutionProvider.DirectMl:
                // DirectML runs one operator after the other.
                session.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
                session.AppendExecutionProvider_DML(options.DeviceId);
                break;
            case OnnxExecutionProvider.CoreMl:
                session.AppendExecutionProvider("CoreML", details);
                break;
            case OnnxExecutionProvider.OpenVino:
                session.AppendExecutionProvider("OpenVINO", details);
                break;
            case OnnxExecutionProvider.MiGraphX:
                session.AppendExecutionProvider_MIGraphX(options.DeviceId);
                break;
            case OnnxExecutionProvider.Qnn:
                session.AppendExecutionProvider("QNN", details);
                break;
            case OnnxExecutionProvider.Xnnpack:
                session.AppendExecutionProvider("XNNPACK", details);
                break;
        }
    }

    private static (string Name, string Remedy) Facts(OnnxExecutionProvider provider) => provider switch
    {
        OnnxExecutionProvider.Cuda => ("CUDAExecutionProvider", "Reference the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime, and install CUDA and cuDNN."),
        OnnxExecutionProvider.TensorRt => ("TensorrtExecutionProvider", "Reference the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime, and install CUDA and TensorRT."),
        OnnxExecutionProvider.DirectMl => ("DmlExecutionProvider", "Reference the package Microsoft.ML.OnnxRuntime.DirectML in place of Microsoft.ML.OnnxRuntime (Windows)."),
        OnnxExecutionProvider.CoreMl => ("CoreMLExecutionProvider", "Run on macOS or iOS with the package Microsoft.ML.OnnxRuntime."),
        OnnxExecutionProvider.OpenVino => ("OpenVINOExecutionProvider", "Reference the package Intel.ML.OnnxRuntime.OpenVino in place of Microsoft.ML.OnnxRuntime."),
        OnnxExecutionProvider.MiGraphX => ("MIGraphXExecutionProvider", "Use a build of ONNX Runtime with MIGraphX and ROCm."),
        OnnxExecutionProvider.Qnn => ("QNNExecutionProvider", "Reference the package Microsoft.ML.OnnxRuntime.QNN in place of Microsoft.ML.OnnxRuntime."),
        _ => ("XnnpackExecutionProvider", "Use a build of ONNX Runtime with XNNPACK."),
    };

    private static ILogger Logger(OnnxModelOptions options) => options.LoggerFactory?.CreateLogger("GenAI.Core.Onnx") ?? NullLogger.Instance;

    [LoggerMessage(Level = LogLevel.Warning, Message = "ONNX Runtime has no {Provider}; the model runs on the processor. {Remedy}")]
    private static partial void LogFallback(ILogger logger, string provider, string remedy);
}

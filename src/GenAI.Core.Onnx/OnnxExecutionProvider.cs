namespace GenAI.Core.Onnx;

/// <summary>What ONNX Runtime runs a model on. All but <see cref="Cpu"/> need a native library that has them; a missing one is an error that names the package.</summary>
public enum OnnxExecutionProvider
{
    /// <summary>The processor; in every package of ONNX Runtime.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs: the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime, CUDA and cuDNN.</summary>
    Cuda,

    /// <summary>NVIDIA GPUs through TensorRT: the package Microsoft.ML.OnnxRuntime.Gpu, CUDA and TensorRT.</summary>
    TensorRt,

    /// <summary>GPUs under Windows: the package Microsoft.ML.OnnxRuntime.DirectML.</summary>
    DirectMl,

    /// <summary>Apple's processors: in Microsoft.ML.OnnxRuntime for macOS and iOS.</summary>
    CoreMl,

    /// <summary>Intel's processors and GPUs: the package Intel.ML.OnnxRuntime.OpenVino.</summary>
    OpenVino,

    /// <summary>AMD GPUs: a build of ONNX Runtime with MIGraphX.</summary>
    MiGraphX,

    /// <summary>Qualcomm's accelerators: the package Microsoft.ML.OnnxRuntime.QNN.</summary>
    Qnn,

    /// <summary>The XNNPACK kernels for ARM and WebAssembly: a build of ONNX Runtime with them.</summary>
    Xnnpack,
}

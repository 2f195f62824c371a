namespace GenAI.Core.Onnx;

/// <summary>How far the download of a model is.</summary>
/// <param name="File">The file that is being fetched.</param>
/// <param name="BytesDone">The bytes of all files that are there.</param>
/// <param name="BytesTotal">The bytes that all files have.</param>
public readonly record struct ModelDownloadProgress(string File, long BytesDone, long BytesTotal);

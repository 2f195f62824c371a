namespace GenAI.Core.Onnx;

/// <summary>A model folder cannot be used, or a model failed. The message names the file and what to do.</summary>
public sealed class OnnxModelException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong, and the remedy.</param>
    /// <param name="path">The file or folder that it is about.</param>
    /// <param name="innerException">What the runtime or the file system said.</param>
    public OnnxModelException(string message, string path, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The file or folder that it is about.</summary>
    public string Path { get; }
}

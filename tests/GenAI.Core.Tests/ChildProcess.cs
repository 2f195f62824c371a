using System.Diagnostics;

namespace GenAI.Core.Tests;

/// <summary>Runs a part of a test in a process of its own: settings of the runtime are read when it starts.</summary>
internal static class ChildProcess
{
    public const string Digest = "index-digest";
    public const string Segment = "segment-readings";
    public const string Allocations = "index-allocations";
    public const string StoreWriter = "vector-store-writer";
    public const string Reembedder = "vector-store-reembedder";

    /// <summary>Starts a part that ends when it is killed; its output is for the caller to read.</summary>
    public static Process Start(params string[] arguments) => Process.Start(Command(arguments))!;

    /// <summary>The lines that the process wrote; it fails the test if the process fails.</summary>
    /// <param name="part">One of the constants.</param>
    /// <param name="variables">Settings: environment variables as <c>NAME=value</c>.</param>
    public static string[] Run(string part, params string[] variables)
    {
        var start = Command(part);
        foreach (var variable in variables)
            start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, "{0}", errors.GetAwaiter().GetResult());
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static ProcessStartInfo Command(params string[] arguments)
    {
        string[] command = [Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", "exec", typeof(ChildProcess).Assembly.Location, .. arguments];
        return new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }
}

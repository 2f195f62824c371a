using System.Diagnostics;

namespace GenAI.Core.Onnx.Tests;

/// <summary>Runs a .NET program in a process of its own.</summary>
internal static class ChildProcess
{
    /// <summary>Starts this assembly's own program.</summary>
    public static Process Start(params string[] arguments) => StartProgram(typeof(ChildProcess).Assembly.Location, arguments);

    /// <summary>Starts a program; its output is for the caller to read.</summary>
    public static Process StartProgram(string assembly, params string[] arguments)
    {
        string[] command = [Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", "exec", assembly, .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>What a process wrote and ended with.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> EndAsync(this Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Trim(), await errors);
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GenAI.Core.Benchmarks.Peers;

/// <summary>A small C++ program around a library that is compared with: compiled where it can be, given files of numbers, and run.</summary>
internal sealed class NativeDriver : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly string _name;

    private NativeDriver(DirectoryInfo folder, string name) => (_folder, _name) = (folder, name);

    /// <summary>Compiles a driver; null and the reason where the compiler or the library is absent.</summary>
    public static NativeDriver? Compile(string name, string needs, out string reason, params string[] options)
    {
        var driver = new NativeDriver(Directory.CreateTempSubdirectory(name), name);
        var source = Path.Combine(AppContext.BaseDirectory, "Peers", $"{name}.cpp");
        if (Start("g++", out reason, ["-O3", "-march=native", "-std=c++17", source, "-o", driver.PathOf(name), .. options]) is not null)
            return driver;
        reason = $"needs {needs} ({reason})";
        driver.Dispose();
        return null;
    }

    /// <summary>Writes numbers to a file that the driver can read.</summary>
    /// <returns>Its path.</returns>
    public string Write<T>(string name, T[] values)
        where T : unmanaged
    {
        using var file = File.Create(PathOf(name));
        file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        return file.Name;
    }

    /// <summary>What the driver prints; null and the first line of its errors where it fails.</summary>
    public string? Run(out string reason, params object[] arguments) => Start(PathOf(_name), out reason, [.. arguments.Select(argument => $"{argument}")]);

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static string? Start(string program, out string reason, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            reason = errors.GetAwaiter().GetResult().Split('\n')[0];
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception exception)
        {
            reason = exception.Message;
            return null;
        }
    }
}

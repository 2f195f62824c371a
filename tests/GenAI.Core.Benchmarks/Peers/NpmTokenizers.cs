using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GenAI.Core.Benchmarks.Peers;

/// <summary>Runs the npm package <c>tokenizers</c>, where Node.js and the package are installed in the folder that GENAI_CORE_NPM names.</summary>
internal static class NpmTokenizers
{
    /// <summary>The median seconds for all texts on one thread, and how many tokens they have; null and the reason where the package is absent.</summary>
    public static (double Seconds, long Tokens)? Run(string tokenizerJson, IReadOnlyList<string> texts, int runs, out string reason)
    {
        reason = "needs Node.js and, in the folder that GENAI_CORE_NPM names, `npm install tokenizers@0.23`";
        if (Environment.GetEnvironmentVariable("GENAI_CORE_NPM") is not { Length: > 0 } folder || !Directory.Exists(Path.Combine(folder, "node_modules", "tokenizers")))
            return null;

        var file = Path.GetTempFileName();
        try
        {
            using (var writer = new BinaryWriter(File.Create(file)))
            {
                foreach (var text in texts)
                {
                    var bytes = Encoding.UTF8.GetBytes(text);
                    writer.Write(bytes.Length);
                    writer.Write(bytes);
                }
            }

            var script = Path.Combine(AppContext.BaseDirectory, "Peers", "npm-tokenizers.js");
            var start = new ProcessStartInfo("node", [script, folder, tokenizerJson, file, $"{runs}"]) { RedirectStandardOutput = true };
            start.Environment["RAYON_NUM_THREADS"] = "1";
            using var process = Process.Start(start)!;
            var figures = process.StandardOutput.ReadToEnd().Split();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return (double.Parse(figures[0], CultureInfo.InvariantCulture), long.Parse(figures[1], CultureInfo.InvariantCulture));
            reason = $"node ended with {process.ExitCode}";
            return null;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            reason = exception.Message;
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }
}

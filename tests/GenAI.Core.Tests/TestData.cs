namespace GenAI.Core.Tests;

/// <summary>Real data outside the repository: the folder that GENAI_CORE_DATA names, or <c>shared/data</c> beside the checkout.</summary>
internal static class TestData
{
    public static string? Root { get; } = Find();

    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([Root ?? throw new InvalidOperationException("Test data is absent; use [DataFact] or [DataTheory]."), .. parts]);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GENAI_CORE_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "GenAI.Core.sln")))
            {
                var beside = System.IO.Path.Combine(folder.Parent?.FullName ?? "", "shared", "data");
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }
}

/// <summary>A test that needs a file or folder of the real data, and is skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute(params string[] parts) => Skip = DataSkip.Reason(parts);
}

/// <summary>A theory that needs a file or folder of the real data, and is skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataTheoryAttribute : TheoryAttribute
{
    public DataTheoryAttribute(params string[] parts) => Skip = DataSkip.Reason(parts);
}

internal static class DataSkip
{
    public static string? Reason(string[] parts)
    {
        var wanted = string.Join('/', parts);
        if (TestData.Root is null)
            return $"Needs the test data '{wanted}': set GENAI_CORE_DATA to its folder (see docs/contributing.md).";

        var path = TestData.Path(parts);
        return File.Exists(path) || Directory.Exists(path) ? null : $"Needs the test data '{wanted}', which is not in {TestData.Root}.";
    }
}

namespace GenAI.Core.Tests.Conventions;

/// <summary>Rules that hold for the source files; skipped where the tests run without them.</summary>
public class SourceTests
{
    private const int MaxLines = 400;

    [SourceFact]
    public void No_source_file_is_longer_than_the_cap()
    {
        // Generated tables are exempt: nobody reads them.
        var long_ = Repository.Files("src", "*.cs").Where(file => !file.EndsWith(".Generated.cs", StringComparison.Ordinal) && !Path.GetFileName(file).EndsWith("Table.cs", StringComparison.Ordinal))
            .Select(file => (File: Path.GetRelativePath(Repository.Root!, file), Lines: File.ReadLines(file).Count()))
            .Where(entry => entry.Lines > MaxLines);

        long_.Should().BeEmpty();
    }

    [SourceFact]
    public void Every_test_folder_mirrors_a_source_folder()
    {
        var source = Folders("src/GenAI.Core").Append("Conventions");

        Folders("tests/GenAI.Core.Tests").Should().BeSubsetOf(source);

        static IEnumerable<string> Folders(string path) =>
            Directory.EnumerateDirectories(Path.Combine(Repository.Root!, path)).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj" or "TestResults"));
    }
}

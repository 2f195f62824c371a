using System.Text.RegularExpressions;

namespace GenAI.Core.Tests.Conventions;

/// <summary>
/// Documentation compiles: a C# block in a Markdown file that is headed by <c>&lt;!-- snippet: name --&gt;</c> is the text between
/// <c>// &lt;snippet:name&gt;</c> and <c>// &lt;/snippet:name&gt;</c> in a sample.
/// </summary>
public partial class SnippetTests
{
    [SourceFact]
    public void Every_snippet_in_the_documentation_is_code_of_a_sample()
    {
        var snippets = Repository.Files("samples", "*.cs").SelectMany(file => Snippet().Matches(Read(file)))
            .ToDictionary(match => match.Groups["name"].Value, match => Unindent(match.Groups["code"].Value));
        var checkedBlocks = 0;
        foreach (var file in Guides())
        {
            foreach (Match block in Block().Matches(Read(file)))
            {
                var name = block.Groups["name"].Value;
                snippets.Should().ContainKey(name, "{0} shows it", file);
                block.Groups["code"].Value.Trim().Should().Be(snippets[name], "the snippet '{0}' in {1} must be the sample's", name, file);
                checkedBlocks++;
            }
        }

        checkedBlocks.Should().BePositive();
    }

    [SourceFact]
    public void Every_csharp_block_in_the_documentation_is_a_snippet()
    {
        foreach (var file in Guides())
        {
            var text = Read(file);
            text.Split("```csharp").Length.Should().Be(Block().Count(text) + 1, "every C# block in {0} must come from a sample", file);
        }
    }

    // Decisions are a record of their day and may show code that is gone.
    private static IEnumerable<string> Guides() => Repository.Documentation().Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "decisions");

    private static string Read(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");

    private static string Unindent(string code)
    {
        var lines = code.Trim('\n').Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : line)).Trim();
    }

    [GeneratedRegex(@"// <snippet:(?<name>[\w-]+)>\n(?<code>.*?)\n\s*// </snippet:\k<name>>", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"<!-- snippet: (?<name>[\w-]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}

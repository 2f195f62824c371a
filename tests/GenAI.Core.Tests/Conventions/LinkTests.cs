using System.Text.RegularExpressions;

namespace GenAI.Core.Tests.Conventions;

/// <summary>Links between the pages of the documentation lead somewhere.</summary>
public partial class LinkTests
{
    [SourceFact]
    public void Every_relative_link_leads_to_a_file_and_its_heading()
    {
        var broken = new List<string>();
        foreach (var file in Repository.Documentation())
        {
            foreach (Match link in Link().Matches(File.ReadAllText(file)))
            {
                var parts = link.Groups["target"].Value.Split('#');
                var target = parts[0].Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, parts[0]));
                if (!Path.Exists(target) || (parts.Length > 1 && !Headings(target).Contains(parts[1])))
                    broken.Add($"{Path.GetRelativePath(Repository.Root!, file)}: {link.Value}");
            }
        }

        broken.Should().BeEmpty();
    }

    // As the usual renderers make anchors: lower case, blanks as hyphens, nothing else but letters and digits.
    private static HashSet<string> Headings(string file) =>
        [.. File.ReadLines(file).Where(line => line.StartsWith('#')).Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\[[^\]\n]*\]\((?<target>(?!\w+:)[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}

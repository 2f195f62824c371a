using System.Globalization;

namespace GenAI.Core.Guardrails;

/// <summary>The general categories of Unicode by their short names, one or two letters.</summary>
internal static class PatternCategories
{
    // In the order of UnicodeCategory.
    private const string Names = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSoCn";

    /// <summary>The code units of a category; null where there is none of this name.</summary>
    public static CharSet? Find(string name)
    {
        if (name.Length is not (1 or 2))
            return null;
        var set = CharSet.Where(c => NameOf(CharUnicodeInfo.GetUnicodeCategory(c)).StartsWith(name, StringComparison.Ordinal));
        return set.IsEmpty ? null : set;
    }

    private static ReadOnlySpan<char> NameOf(UnicodeCategory category) => Names.AsSpan((int)category * 2, 2);
}

using System.Collections.Frozen;

namespace GenAI.Core.Guardrails;

/// <summary>Which code units differ in case alone, by the invariant simple mappings: the same on every system and in every culture.</summary>
internal static class CaseVariants
{
    private static readonly FrozenDictionary<char, char[]> Variants = Build();

    /// <summary>The others; none for a code unit without case.</summary>
    public static ReadOnlySpan<char> Of(char c) => Variants.TryGetValue(c, out var others) ? others : [];

    private static FrozenDictionary<char, char[]> Build()
    {
        // The Kelvin sign and the long s have the capital or small letter of another in one direction only, so both directions are followed.
        var groups = new Dictionary<char, SortedSet<char>>();
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var folded = char.ToLowerInvariant(char.ToUpperInvariant((char)c));
            if (!groups.TryGetValue(folded, out var group))
                groups.Add(folded, group = []);
            group.Add((char)c);
        }

        return groups.Values.Where(group => group.Count > 1)
            .SelectMany(group => group.Select(c => KeyValuePair.Create(c, group.Where(other => other != c).ToArray())))
            .ToFrozenDictionary();
    }
}

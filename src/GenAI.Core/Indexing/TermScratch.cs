using GenAI.Core.Text;

namespace GenAI.Core.Indexing;

/// <summary>What one thread needs while it analyzes a text.</summary>
internal sealed class TermScratch
{
    /// <summary>How many stems are remembered: 64 KB, which caches well and holds nine words in ten of a text.</summary>
    public const uint KnownStems = 4096;

    /// <summary>Room for a folded word.</summary>
    public readonly char[] Folded = new char[(WordEnumerator.MaxLength + 2) * TextFolding.MaxExpansion];

    /// <summary>Hashes of words and of their stems (0 for a stop word), at the word's hash modulo the length.</summary>
    public readonly (ulong Word, ulong Stem)[] Stems = new (ulong, ulong)[KnownStems];
}

using System.Collections.ObjectModel;

namespace GenAI.Core;

/// <summary>A text to be searched and cited: the start of the path from documents to answers.</summary>
/// <remarks>
/// Every <see cref="TextRange"/> made later (of a <see cref="Chunk"/> or a <see cref="Citation"/>) points into
/// <see cref="Text"/> as it is here; the library never normalises or trims it. Immutable, so safe for concurrent use.
/// </remarks>
public sealed class Document
{
    /// <summary>The document's identity. Ingesting another document with the same id replaces this one.</summary>
    public required string Id
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(Id));
            field = value;
        }
    }

    /// <summary>The whole text.</summary>
    public required string Text
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Text));
            field = value;
        }
    }

    /// <summary>A title for people, shown beside citations and searched together with the text; <see langword="null"/> if there is none.</summary>
    public string? Title { get; init; }

    /// <summary>Where the document came from, such as a file or a web address; <see langword="null"/> if unknown.</summary>
    public Uri? Source { get; init; }

    /// <summary>Facts about the document that its chunks carry along, to filter by or to show.</summary>
    /// <value>The default is empty. Keys must not be empty nor contain '='.</value>
    public IReadOnlyDictionary<string, string> Metadata
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Metadata));
            foreach (var key in value.Keys)
            {
                if (string.IsNullOrEmpty(key) || key.Contains('=', StringComparison.Ordinal))
                    throw new ArgumentException($"The metadata key '{key}' is empty or contains '='. Rename it: keys and values are stored as 'key=value' tags.", nameof(Metadata));
            }

            field = value;
        }
    } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The document's id. The text is left out so that it cannot slip into a log.</summary>
    public override string ToString() => $"Document {Id}";
}

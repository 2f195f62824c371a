namespace GenAI.Core.PersonalData;

/// <summary>Finds names in a text, such as by a model for token classification.</summary>
/// <remarks>Safe for concurrent calls.</remarks>
public interface IEntityTagger
{
    /// <summary>Finds names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was found, in any order.</returns>
    ValueTask<IReadOnlyList<TaggedEntity>> TagAsync(string text, CancellationToken cancellationToken = default);
}

/// <summary>A name that a tagger found.</summary>
/// <param name="Range">Where, in UTF-16 code units.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Score">How sure the tagger is, from 0 to 1.</param>
public readonly record struct TaggedEntity(TextRange Range, PersonalDataKind Kind, float Score);

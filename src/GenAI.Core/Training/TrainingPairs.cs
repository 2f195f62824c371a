using System.Runtime.CompilerServices;
using GenAI.Core.Chunking;
using GenAI.Core.Indexing;
using GenAI.Core.Text;

namespace GenAI.Core.Training;

/// <summary>Makes pairs to train on from texts that have no questions: a section's headings should find the section, and so should each of its sentences.</summary>
/// <remarks>That a sentence should find what it was taken from is the inverse cloze task (K. Lee et al., "Latent Retrieval for Weakly Supervised Open Domain Question Answering", 2019). Pure: the same text gives the same pairs.</remarks>
public static class TrainingPairs
{
    // Shorter headings and sentences say too little to find anything with.
    private const int ShortestHeading = 4, ShortestSentence = 30, FewestSentences = 3;

    /// <summary>The pairs of a section: its headings with its text; some sentences with the headings and the other sentences; two halves of it.</summary>
    /// <param name="headings">The title and the headings that it stands under; may be empty.</param>
    /// <param name="text">The section.</param>
    /// <param name="source">The pairs' <see cref="TrainingPair.Source"/>.</param>
    /// <param name="weight">The weight of the section, which its pairs share: half for the headings, a half for sentences and crops.</param>
    public static IEnumerable<TrainingPair> FromSection(string headings, string text, string source = "", double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(headings);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        headings = headings.Trim();
        if (headings.Length >= ShortestHeading && text.Length >= ShortestSentence)
            yield return new TrainingPair { Query = headings, Passage = text, Source = source, Weight = weight / 2 };

        var sentences = Sentences(text);
        if (sentences.Count < FewestSentences)
            yield break;
        var random = new SeededSequence(TermHash.Of(text));
        var first = random.Next(sentences.Count);
        var second = (first + 1 + random.Next(sentences.Count - 1)) % sentences.Count;
        yield return new TrainingPair { Query = sentences[first], Passage = Without(first), Source = source, Weight = weight / 5 };
        yield return new TrainingPair { Query = sentences[second], Passage = Without(second), Source = source, Weight = weight / 5 };
        var half = sentences.Count / 2;
        yield return new TrainingPair { Query = string.Join(' ', sentences.Take(half)), Passage = string.Join(' ', sentences.Skip(half)), Source = source, Weight = weight / 10 };

        string Without(int sentence) => string.Join(' ', sentences.Where((_, i) => i != sentence).Prepend(headings));
    }

    /// <summary>The pairs of documents, cut into sections.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="chunker">Cuts them; <see langword="null"/> for a <see cref="MarkdownChunker"/>.</param>
    /// <param name="source">The pairs' <see cref="TrainingPair.Source"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<TrainingPair> FromDocumentsAsync(IAsyncEnumerable<Document> documents, IChunker? chunker = null, string source = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        chunker ??= new MarkdownChunker();
        await foreach (var document in documents.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await foreach (var chunk in chunker.ChunkAsync(document, cancellationToken).ConfigureAwait(false))
            {
                foreach (var pair in FromSection(string.Join('\n', chunk.Headings.Prepend(document.Title ?? "")), chunk.Text, source))
                    yield return pair;
            }
        }
    }

    // Sentences and lines of some length; what is too short belongs to the next.
    private static List<string> Sentences(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isEnd = text[i] == '\n' || text[i] is '.' or '?' or '!' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]));
            if (!isEnd || i + 1 - start < ShortestSentence)
                continue;
            sentences.Add(text[start..(i + 1)].Trim());
            start = i + 1;
        }

        if (text.Length - start >= ShortestSentence)
            sentences.Add(text[start..].Trim());
        return sentences;
    }
}

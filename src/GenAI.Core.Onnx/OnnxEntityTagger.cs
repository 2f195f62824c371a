using System.Numerics.Tensors;
using GenAI.Core.Onnx.Models;
using GenAI.Core.PersonalData;

namespace GenAI.Core.Onnx;

/// <summary>Finds names of persons, places and organizations with a local model for token classification, for a <see cref="TaggerGuardrail"/>.</summary>
/// <remarks>
/// Labels are read from <c>config.json</c>: <c>B-PER</c>, <c>I-LOC</c>, <c>ORG</c> and the like; others count as none. A text that is longer than the model reads is read in windows that overlap. Safe for
/// concurrent use: load a model once.
/// </remarks>
public sealed class OnnxEntityTagger : IEntityTagger, IDisposable
{
    private readonly OnnxEmbeddingGenerator _model;
    private readonly (PersonalDataKind Kind, bool Begins)?[] _labels;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The model folder: a graph exported for token classification, with its <c>config.json</c>.</param>
    /// <param name="options">Which file, on what hardware, in what batches; <see langword="null"/> for what the folder says. The output is <c>logits</c> unless named. Pooling and prompts do not count.</param>
    /// <exception cref="OnnxModelException">The folder cannot be used, or names no labels of persons, places or organizations.</exception>
    public OnnxEntityTagger(string folder, OnnxEmbeddingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new OnnxEmbeddingOptions();
        (options.Pooling, options.Normalize) = (EmbeddingPooling.Mean, false);
        options.OutputName ??= "logits";
        _labels = [.. ModelConfig.Read(folder).Labels.Select(Meaning)];
        if (!_labels.Any(label => label is not null))
            throw new OnnxModelException($"config.json in '{folder}' names no label such as B-PER, LOC or ORG. Use a model for token classification of names.", folder);
        _model = new OnnxEmbeddingGenerator(folder, options);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TaggedEntity>> TagAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            return [];
        var tokens = await _model.EmbedTokensAsync(text, cancellationToken).ConfigureAwait(false);
        if (tokens.Count > 0 && tokens.Dimensions != _labels.Length)
            throw new OnnxModelException($"The model puts out {tokens.Dimensions} values for each token, but its config.json names {_labels.Length} labels. Use the config.json of this model.", _model.Description.ModelFile);
        return Join(tokens);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _model.Dispose();

    // A token goes on with a name if it is of the same kind and does not begin one, or if it stands in the same word.
    private List<TaggedEntity> Join(TokenEmbeddings tokens)
    {
        var found = new List<TaggedEntity>();
        var (open, parts) = (default(TaggedEntity?), 0);
        var shares = new float[_labels.Length];
        for (var i = 0; i < tokens.Count; i++)
        {
            TensorPrimitives.SoftMax(tokens.Vector(i), shares);
            var best = TensorPrimitives.IndexOfMax<float>(shares);
            var range = tokens.Ranges[i];
            var isSameWord = open is { } before && range.Start == before.Range.End;
            if (open is { } name && (isSameWord || (_labels[best] is { } label && label.Kind == name.Kind && !label.Begins)))
            {
                // The mean over its tokens; a part of a word without a label of its own counts as sure as the rest.
                parts++;
                var score = isSameWord && _labels[best]?.Kind != name.Kind ? name.Score : name.Score + (shares[best] - name.Score) / parts;
                open = name with { Range = TextRange.FromBounds(name.Range.Start, range.End), Score = score };
                continue;
            }

            if (open is { } ended)
                found.Add(ended);
            (open, parts) = (_labels[best] is { } begun ? new TaggedEntity(range, begun.Kind, shares[best]) : null, 1);
        }

        if (open is { } last)
            found.Add(last);
        return found;
    }

    private static (PersonalDataKind Kind, bool Begins)? Meaning(string label)
    {
        var name = label is [_, '-' or '_', ..] ? label[2..] : label;
        PersonalDataKind? kind = name.ToUpperInvariant() switch
        {
            "PER" or "PERSON" => PersonalDataKind.PersonName,
            "LOC" or "LOCATION" or "GPE" => PersonalDataKind.PlaceName,
            "ORG" or "ORGANIZATION" or "ORGANISATION" => PersonalDataKind.OrganizationName,
            _ => null,
        };
        return kind is { } known ? (known, label[0] is 'B' && name != label) : null;
    }
}

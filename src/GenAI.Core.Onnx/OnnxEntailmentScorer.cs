using GenAI.Core.Onnx.Classification;
using GenAI.Core.Verification;

namespace GenAI.Core.Onnx;

/// <summary>Says whether hypotheses follow from a premise, with a local model of natural-language inference: claims against a source, for one.</summary>
/// <remarks>Pairs are run in batches as by <see cref="OnnxReranker"/>. Safe for concurrent use: load a model once.</remarks>
public sealed class OnnxEntailmentScorer : IEntailmentJudge, IDisposable
{
    private readonly LabelModel _model;
    private readonly int _entailment;
    private readonly int _contradiction;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The model folder: a graph exported for sequence classification, with a label for entailment.</param>
    /// <param name="options">The options; <see langword="null"/> for what the folder says.</param>
    /// <exception cref="OnnxModelException">The folder cannot be used, or has no such label; the message names the file and the remedy.</exception>
    public OnnxEntailmentScorer(string folder, OnnxEntailmentOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new OnnxEntailmentOptions();
        _model = LabelModel.Load(folder, options, ScoreActivation.Softmax);
        _entailment = Find(options.EntailmentLabel, "entail");
        _contradiction = Find(options.ContradictionLabel, "contradict");
        if (_entailment >= 0 && _model.Labels is 2 or 3 && (_contradiction >= 0 || options.ContradictionLabel is null))
            return;
        _model.Dispose();
        throw new OnnxModelException($"The labels of '{_model.Graph}' are {string.Join(", ", _model.LabelNames)}: two or three are needed, one of them for entailment. Say by EntailmentLabel and ContradictionLabel which they are, or name another folder.", _model.Graph);
    }

    /// <summary>What the model has done so far.</summary>
    public OnnxRunStatistics Statistics => _model.Statistics;

    /// <summary>Scores hypotheses against one premise.</summary>
    /// <param name="premise">What is taken to be true.</param>
    /// <param name="hypotheses">What may follow from it.</param>
    /// <param name="cancellationToken">Takes effect between batches.</param>
    /// <returns>A score for each hypothesis, in their order.</returns>
    /// <exception cref="ArgumentException">A text is <see langword="null"/> or the premise is empty.</exception>
    /// <exception cref="OnnxModelException">The model failed on a text. Other calls go on.</exception>
    public async Task<IReadOnlyList<EntailmentScore>> ScoreAsync(string premise, IReadOnlyList<string> hypotheses, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(premise);
        ArgumentNullException.ThrowIfNull(hypotheses);
        var values = await _model.ScorePairsAsync(hypotheses, hypothesis => (premise, hypothesis), cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(values, Score);
    }

    /// <inheritdoc/>
    public async ValueTask<EntailmentJudgement> JudgeAsync(string premise, string hypothesis, CancellationToken cancellationToken = default)
    {
        var scores = await ScoreAsync(premise, [hypothesis], cancellationToken).ConfigureAwait(false);
        return new EntailmentJudgement(scores[0].Entailment, scores[0].Contradiction);
    }

    /// <summary>Releases the model after the batches that are running. Calls that still wait fail.</summary>
    public void Dispose() => _model.Dispose();

    private EntailmentScore Score(float[] shares)
    {
        var (entailment, contradiction) = (shares[_entailment], _contradiction < 0 ? 0 : shares[_contradiction]);
        return new EntailmentScore(entailment, Math.Max(0, 1 - entailment - contradiction), contradiction);
    }

    private int Find(string? name, string beginning)
    {
        for (var i = 0; i < _model.LabelNames.Count; i++)
        {
            var label = _model.LabelNames[i];
            if (name is null ? label.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) : label == name)
                return i;
        }

        return -1;
    }
}

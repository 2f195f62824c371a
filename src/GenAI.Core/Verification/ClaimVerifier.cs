using System.Numerics.Tensors;

namespace GenAI.Core.Verification;

/// <summary>Checks the claims of a text against the sources that it cites.</summary>
/// <remarks>
/// <para>The checks, cheapest first: a cited source exists; quoted words are in it; numbers, units, dates, names and identifiers are in the evidence or follow from it by another format or unit;
/// negations, directions and quantifiers agree; enough words stand together; and, where models are given, similarity of meaning and entailment. Lexical knowledge is English; numbers, dates, quotations
/// and citations are checked in any language.</para>
/// <para>Not a proof: words that agree can be put together to say something else. Safe for concurrent use.</para>
/// </remarks>
public sealed class ClaimVerifier
{
    private readonly ClaimVerifierOptions _options;
    private readonly ClaimChecker _checker;

    /// <summary>Makes a verifier.</summary>
    /// <param name="options">How it judges; the defaults, without models, if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public ClaimVerifier(ClaimVerifierOptions? options = null)
    {
        if (options?.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        _options = options?.Copy() ?? new ClaimVerifierOptions();
        _checker = new ClaimChecker(_options);
    }

    /// <summary>Checks a text without models: on the caller's thread, in milliseconds.</summary>
    /// <param name="text">The text, with markers such as <c>[1]</c>.</param>
    /// <param name="sources">What the markers name; may be empty.</param>
    /// <param name="cancellationToken">Takes effect between claims.</param>
    /// <exception cref="InvalidOperationException">The options have a model, which needs <see cref="VerifyAsync"/>.</exception>
    public ClaimReport Verify(string text, IReadOnlyList<ClaimSource> sources, CancellationToken cancellationToken = default)
    {
        ThrowIfNull(text, sources);
        if (_options.HasModels)
            throw new InvalidOperationException($"This verifier has a judge or an embedder, which cannot be asked synchronously. Call {nameof(VerifyAsync)}.");
        var (reader, claims) = (new ClaimReader(), new List<Claim>());
        while (reader.Next(text, isWhole: true) is { } cited)
        {
            cancellationToken.ThrowIfCancellationRequested();
            claims.Add(Check(cited, sources));
        }

        return new ClaimReport(claims);
    }

    /// <summary>Checks a text.</summary>
    /// <inheritdoc cref="Verify" path="/param"/>
    public async Task<ClaimReport> VerifyAsync(string text, IReadOnlyList<ClaimSource> sources, CancellationToken cancellationToken = default)
    {
        ThrowIfNull(text, sources);
        var (reader, claims) = (new ClaimReader(), new List<Claim>());
        while (reader.Next(text, isWhole: true) is { } cited)
        {
            cancellationToken.ThrowIfCancellationRequested();
            claims.Add(await CheckAsync(cited, sources, cancellationToken).ConfigureAwait(false));
        }

        return new ClaimReport(claims);
    }

    /// <summary>Whether a model may have to be asked.</summary>
    internal bool HasModels => _options.HasModels;

    /// <summary>Checks one claim without models.</summary>
    internal Claim Check(CitedSegment cited, IReadOnlyList<ClaimSource> sources) => ToClaim(cited, _checker.Check(cited, sources), sources);

    /// <summary>Checks one claim, with the models where they have to decide.</summary>
    internal async ValueTask<Claim> CheckAsync(CitedSegment cited, IReadOnlyList<ClaimSource> sources, CancellationToken cancellationToken)
    {
        var result = _checker.Check(cited, sources);
        if (result.IsOpen && result.Source > 0 && _options.HasModels)
            result = await AskModelsAsync(cited, result, sources[result.Source - 1], cancellationToken).ConfigureAwait(false);
        return ToClaim(cited, result, sources);
    }

    private async ValueTask<CheckedClaim> AskModelsAsync(CitedSegment cited, CheckedClaim result, ClaimSource source, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            limit.CancelAfter(_options.JudgeTimeout);

            // A model that does not look at its token is not waited for either.
            return await DecideAsync(cited, result, source, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = exception is OperationCanceledException && limit.IsCancellationRequested ? $"The model took longer than {_options.JudgeTimeout}." : $"The model failed: {exception.GetType().Name}.";
            return Unscorable(result, cited.Segment, reason);
        }
    }

    private async Task<CheckedClaim> DecideAsync(CitedSegment cited, CheckedClaim result, ClaimSource source, CancellationToken cancellationToken)
    {
        var segment = cited.Segment;
        var claim = ClaimChecker.Without(cited.Text, segment.Range, [.. segment.Markers.Select(marker => marker.Range)]);
        var evidence = result.Evidence.Of(source.Text);
        if (_options.EmbeddingGenerator is { } embedder && result.Verdict is not ClaimVerdict.Supported)
        {
            var embeddings = await embedder.GenerateAsync([claim, evidence], cancellationToken: cancellationToken).ConfigureAwait(false);
            if (embeddings.Count != 2)
                throw new InvalidOperationException($"The embedder made {embeddings.Count} embeddings of 2 texts.");
            var similarity = TensorPrimitives.CosineSimilarity(embeddings[0].Vector.Span, embeddings[1].Vector.Span);
            if (float.IsNaN(similarity))
                return Unscorable(result, segment, "The embedder's similarity is no number.");
            if (similarity >= _options.MinSimilarity && result.Findings.All(finding => finding.Check is ClaimCheck.Support))
                result = result with { Verdict = ClaimVerdict.Supported, Score = Math.Max(result.Score, similarity), Findings = [] };
        }

        if (_options.Judge is not { } judge)
            return result;
        var judgement = await judge.JudgeAsync(evidence, claim, cancellationToken).ConfigureAwait(false);
        if (!judgement.IsValid)
            return Unscorable(result, segment, "The judge's answer is no probability.");
        if (judgement.Contradiction >= _options.MinEntailment)
            return result with { Verdict = ClaimVerdict.Contradicted, Score = 1 - judgement.Contradiction, Findings = [Entailment(segment, "A model says that the evidence contradicts it."), .. result.Findings] };
        if (judgement.Entailment >= _options.MinEntailment)
            return result with { Verdict = ClaimVerdict.Supported, Score = judgement.Entailment, Findings = [] };
        var verdict = result.Verdict is ClaimVerdict.Supported ? ClaimVerdict.Partly : result.Verdict;
        return result with { Verdict = verdict, Score = judgement.Entailment, Findings = [Entailment(segment, "A model says that it does not follow from the evidence."), .. result.Findings] };
    }

    private static Finding Entailment(ClaimSegment segment, string reason) => new(ClaimCheck.Entailment, Severity.Missing, segment.Range, reason);

    private static CheckedClaim Unscorable(CheckedClaim result, ClaimSegment segment, string reason) =>
        result with { Verdict = ClaimVerdict.Unscorable, Score = 0, Findings = [Entailment(segment, reason), .. result.Findings] };

    private static Claim ToClaim(CitedSegment cited, CheckedClaim result, IReadOnlyList<ClaimSource> sources)
    {
        var source = result.Source == 0 ? null : sources[result.Source - 1];
        return new Claim
        {
            Range = cited.Range,
            Text = cited.Text,
            Verdict = result.Verdict,
            Score = result.Score,
            Sources = result.Verdict is ClaimVerdict.NotCheckable ? [] : [.. cited.Sources.Where(number => number >= 1 && number <= sources.Count)],
            Evidence = source is null ? null : new ClaimEvidence
            {
                Source = result.Source,
                DocumentId = source.Id,
                Range = result.Evidence with { Start = source.Start + result.Evidence.Start },
                Quote = result.Evidence.Of(source.Text),
            },
            Failures = result.Verdict is ClaimVerdict.Supported ? [] : [.. result.Findings.Select(finding => new ClaimFailure
            {
                Check = finding.Check,
                Range = finding.Range,
                Reason = finding.Reason,
            })],
        };
    }

    private static void ThrowIfNull(string text, IReadOnlyList<ClaimSource> sources)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(sources);
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is null)
                throw new ArgumentException($"Source {i + 1} is null.", nameof(sources));
        }
    }
}

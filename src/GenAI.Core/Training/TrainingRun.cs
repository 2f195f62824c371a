using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Training;

/// <summary>The steps of one training, from its first state or a checkpoint to its end.</summary>
internal sealed class TrainingRun
{
    private const int WarmUpSteps = 100;

    // What the learning rate falls to: the last steps still move a little.
    private const double LastRate = 0.02;

    // So many passages tell the principal axes.
    private const int MostPassages = 20_000;

    // Components begin below 1 and stay near it.
    private const float LargestComponent = 1e6f;

    private readonly StaticEmbeddingTrainingOptions _options;
    private readonly PairTexts.Pair[] _pairs;
    private readonly TokenBags _bags;
    private readonly ValidationSet? _validation;
    private readonly float[] _factorOfCount;
    private readonly float[] _weights;
    private readonly ParallelOptions _threads;
    private readonly PairSampler _sampler;
    private readonly ContrastiveLoss _loss;
    private readonly PooledTexts _texts;
    private readonly SparseAdam _adam;
    private readonly int[] _drawn;
    private readonly int[] _negatives;
    private readonly int[] _batch;

    /// <param name="options">The options, checked.</param>
    /// <param name="pairs">The pairs to train on.</param>
    /// <param name="bags">Their texts.</param>
    /// <param name="validation">What to validate with; null for nothing.</param>
    /// <param name="parameters">What to begin with.</param>
    /// <param name="countQuarters">A token that stands n times counts n^(this / 4) times.</param>
    /// <param name="staysClose">Whether decay pulls back to the beginning instead of zero.</param>
    public TrainingRun(StaticEmbeddingTrainingOptions options, PairTexts.Pair[] pairs, TokenBags bags, ValidationSet? validation, TokenParameters parameters, int countQuarters, bool staysClose)
    {
        (_options, _pairs, _bags, _validation) = (options, pairs, bags, validation);
        State = new TrainingState(parameters);
        _factorOfCount = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(count => MathF.Pow(count, countQuarters / 4f))];
        _weights = new float[parameters.Tokens];
        _threads = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism };
        _sampler = new PairSampler(pairs, options.SameSourceShare, options.Seed);
        var batch = pairs.Length >= 2 * options.BatchSize ? options.BatchSize : Math.Max(8, pairs.Length / 2);
        var negatives = pairs.Any(pair => pair.Negatives.Length > 0) ? batch / 2 : 0;
        (_drawn, _negatives, _batch) = (new int[batch], new int[negatives], new int[2 * batch + negatives]);
        _loss = new ContrastiveLoss(batch, negatives, parameters.Dimensions);
        _texts = new PooledTexts(_batch.Length, parameters.Dimensions);
        _adam = new SparseAdam(parameters, staysClose ? parameters.Rows.ToArray() : null, (float)options.WeightDecay);
    }

    public TrainingState State { get; }

    /// <summary>Does what is left to do.</summary>
    /// <exception cref="InvalidOperationException">The loss is no longer a number.</exception>
    public void Run(IProgress<StaticEmbeddingTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var (folder, name) = Checkpoint();
        var training = folder is null ? [] : Fingerprint();
        if (folder is not null && folder.Exists(name))
            TrainingCheckpoint.Load(folder, name, training, _options.Steps, State);
        for (var token = 0; token < _weights.Length; token++)
            _weights[token] = MathF.Exp(State.Parameters.LogWeights[token]);
        if (State.Curve.Count == 0)
            Validate(progress);

        while (State.Step < _options.Steps && State.Misses < _options.Patience)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Step();
            if (State.Step % _options.ValidationInterval == 0 || State.Step == _options.Steps)
                Validate(progress);
            if (folder is not null && State.Step % _options.CheckpointInterval == 0)
                TrainingCheckpoint.Save(folder, name, training, State);
        }
    }

    /// <summary>Deletes the checkpoint: for when what was trained is written.</summary>
    public void DeleteCheckpoint()
    {
        var (folder, name) = Checkpoint();
        if (folder is not null && folder.Exists(name))
            folder.Delete(name);
    }

    /// <summary>The best rows, turned together so that the first components of passages' vectors say the most.</summary>
    public float[] TurnedRows()
    {
        var best = new TokenParameters(_weights.Length, State.Parameters.Dimensions);
        State.BestRows.CopyTo(best.Rows, 0);
        var passages = _pairs.Select(pair => pair.Right).Distinct().ToArray();
        var step = (passages.Length + MostPassages - 1) / MostPassages;
        var texts = new TextVectors(_bags, _factorOfCount, _threads).Of([.. passages.Where((_, i) => i % step == 0)], best, [.. State.BestLogWeights.Select(MathF.Exp)]);
        return PrincipalAxes.Turn(best.Rows, texts, PooledTexts.Stride(best.Dimensions), best.Dimensions, _threads);
    }

    /// <summary>nDCG@10 of the validation with the vectors and weights of a model; null without a validation.</summary>
    public double? Gain(Embeddings.StaticModel model)
    {
        var parameters = new TokenParameters(model.Vocabulary.Count, model.RowLength);
        model.Rows.CopyTo(parameters.Rows, 0);
        return _validation?.Gain(parameters, _bags, model.Weights, _factorOfCount, _threads);
    }

    private void Step()
    {
        var step = State.Step + 1;
        var masked = Draw(step);
        _texts.Take(_bags, _batch, _factorOfCount, _options.TokenDropout, _options.Seed + (ulong)step);
        _texts.Pool(State.Parameters, _weights, _threads);
        var loss = _loss.Add(_texts, (float)_options.Temperature, masked, _threads);
        if (!double.IsFinite(loss))
            throw Astray($"The loss of step {step} is {loss}");

        _texts.Sort(_weights.Length);
        var rate = Math.Min(step / (double)Math.Min(WarmUpSteps, _options.Steps), Math.Max(LastRate, 1 - (step / (double)_options.Steps)));
        _adam.Apply(_texts, step, (float)(_options.LearningRate * rate), (float)(_options.WeightLearningRate * rate), _weights, _threads);
        State.Step = step;
        State.LossSum += loss;
        State.LossCount++;
    }

    private List<(int Row, int Column)> Draw(int step)
    {
        _sampler.Draw(step, _drawn);
        var negatives = 0;
        for (var i = 0; i < _drawn.Length; i++)
        {
            var pair = _pairs[_drawn[i]];
            (_batch[i], _batch[_drawn.Length + i]) = (pair.Left, pair.Right);
            foreach (var negative in pair.Negatives)
            {
                if (negatives < _negatives.Length)
                    _negatives[negatives++] = negative;
            }
        }

        // Where the pairs drawn have too few, passages of other pairs fill the places.
        for (var i = 0; negatives < _negatives.Length; i++)
            _negatives[negatives++] = _pairs[(_drawn[i % _drawn.Length] + step) % _pairs.Length].Right;
        _negatives.CopyTo(_batch, 2 * _drawn.Length);
        return _sampler.Masked(_drawn, _negatives);
    }

    private InvalidOperationException Astray(string what) =>
        new($"{what}: training has gone astray and cannot go on. Lower LearningRate, {_options.LearningRate}, or raise Temperature, {_options.Temperature}.");

    private void Validate(IProgress<StaticEmbeddingTrainingProgress>? progress)
    {
        // Vectors are at unit length where loss looks at them, so the loss alone does not tell that they grow beyond use.
        var largest = TensorPrimitives.MaxMagnitude<float>(State.Parameters.Rows);
        if (!(Math.Abs(largest) <= LargestComponent))
            throw Astray($"A token's vector has the component {largest} after step {State.Step}");
        double? gain = _validation?.Gain(State.Parameters, _bags, _weights, _factorOfCount, _threads);
        var point = new StaticEmbeddingTrainingProgress(State.Step, _options.Steps, State.LossCount == 0 ? double.NaN : State.LossSum / State.LossCount, gain);
        (State.LossSum, State.LossCount) = (0, 0);
        State.Curve.Add(point);
        // Without a validation the last step is the best.
        if (gain is null || gain > State.BestGain)
            State.KeepBest(gain ?? 0);
        else
            State.Misses++;
        progress?.Report(point);
    }

    private (StorageFolder? Folder, string Name) Checkpoint() => _options.CheckpointPath is { } path
        ? (DiskFolder.OpenOrCreate(Path.GetDirectoryName(Path.GetFullPath(path))!), Path.GetFileName(path))
        : (null, "");

    // What makes a training another one: every text, every pair, and every option that a step depends on.
    private byte[] Fingerprint()
    {
        var hash = new XxHash128();
        _bags.AddTo(hash);
        foreach (var pair in _pairs)
        {
            hash.Append(MemoryMarshal.AsBytes<int>([pair.Left, pair.Right, pair.Source, pair.Negatives.Length, .. pair.Negatives]));
            hash.Append(BitConverter.GetBytes(pair.Weight));
        }

        hash.Append(MemoryMarshal.AsBytes<float>(State.Parameters.Rows));
        hash.Append(MemoryMarshal.AsBytes<double>(
        [
            _options.Steps, _drawn.Length, _options.SameSourceShare, _options.Temperature, _options.LearningRate, _options.WeightLearningRate, _options.WeightDecay, _options.TokenDropout,
            _options.ValidationInterval, _options.Patience, _options.Seed,
        ]));
        return hash.GetCurrentHash();
    }
}

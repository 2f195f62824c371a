using System.Runtime.InteropServices;
using GenAI.Core.Embeddings;
using GenAI.Core.Storage;
using GenAI.Core.Text;

namespace GenAI.Core.Training;

/// <summary>Trains a static embedding model, which <see cref="StaticEmbeddingGenerator"/> then loads: from nothing, or from a model that it adapts to a collection of one's own.</summary>
/// <remarks>
/// <para>A token's vector is learned so that the vector of a query lies closer to that of its passage than to those of all other passages of a batch, and the other way round (InfoNCE). Training
/// takes place on the processor, without native code; see docs/guides/training.md.</para>
/// <para>The same pairs, options and seed give the same file to the byte, on the same kind of processor, with any number of threads. Immutable and safe for concurrent use;
/// each call is a training of its own.</para>
/// </remarks>
public sealed class StaticEmbeddingTrainer
{
    private const int FewestPairs = 16;

    // Square roots of counts: measured against presence, n^(1/4) and n^(3/4); see docs/decisions/0120-static-training.md.
    private const int CountQuarters = 2;

    private readonly StaticEmbeddingTrainingOptions _options;

    /// <summary>Makes a trainer.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults. They are copied.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public StaticEmbeddingTrainer(StaticEmbeddingTrainingOptions? options = null) => _options = (options ?? new StaticEmbeddingTrainingOptions()).Checked();

    /// <summary>Trains a model and writes it to a file.</summary>
    /// <param name="pairs">The pairs, read once; their order matters to chance only. Pairs that have the same query or passage are never taken for wrong ones of each other.</param>
    /// <param name="path">The file to write, which replaces one that is there; its extension is <c>.staticmodel</c> by custom.</param>
    /// <param name="validation">Pairs to validate with, which are not trained on; <see langword="null"/> to hold some of <paramref name="pairs"/> back.</param>
    /// <param name="progress">Hears of each validation, on the thread that trains.</param>
    /// <param name="cancellationToken">Ends the training between two steps; what the last checkpoint holds stays.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ArgumentException">A side of a pair is empty, or there are too few pairs; the message names them.</exception>
    /// <exception cref="FileNotFoundException">There is no model to start from.</exception>
    /// <exception cref="InvalidDataException">The model to start from or the checkpoint is damaged, or of another kind.</exception>
    /// <exception cref="InvalidOperationException">The loss is no longer a number.</exception>
    /// <exception cref="IOException">A file cannot be written, such as on a full disk.</exception>
    public async Task<StaticEmbeddingTrainingResult> TrainAsync(
        IAsyncEnumerable<TrainingPair> pairs,
        string path,
        IEnumerable<TrainingPair>? validation = null,
        IProgress<StaticEmbeddingTrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var texts = _options.MinedNegatives > 0 ? new PairTexts { Queries = [], Passages = [] } : new PairTexts();
        var number = 0L;
        await foreach (var pair in pairs.WithCancellation(cancellationToken).ConfigureAwait(false))
            texts.Add(pair, number++);
        var held = validation?.Select((pair, i) => texts.Read(pair, i, isTrained: false)).ToArray();
        return await Task.Run(() => Train(texts, held, path, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private StaticEmbeddingTrainingResult Train(PairTexts texts, PairTexts.Pair[]? held, string path, IProgress<StaticEmbeddingTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var threads = new ParallelOptions { MaxDegreeOfParallelism = _options.MaxDegreeOfParallelism };
        var start = Start();
        var vocabulary = Vocabulary(texts, start);
        var bags = texts.ToBags(vocabulary);
        bool HasWords(PairTexts.Pair pair) => bags.IdsOf(pair.Left).Length > 0 && bags.IdsOf(pair.Right).Length > 0;

        var pairs = texts.Pairs.Where(HasWords).ToArray();
        held ??= HoldBack(texts, ref pairs);
        if (pairs.Length < FewestPairs)
            throw new ArgumentException($"There are {pairs.Length} pairs with words on both sides to train on; at least {FewestPairs} are needed. Add pairs, such as those that {nameof(TrainingPairs)}.{nameof(TrainingPairs.FromDocumentsAsync)} makes of the documents themselves.");
        if (_options.MinedNegatives > 0)
            HardNegatives.Mine(texts, pairs, _options.MinedNegatives, threads);

        var parameters = start is null
            ? InitialParameters.FromChance(vocabulary, _options.Dimensions - 1, pairs, bags, _options.Seed)
            : InitialParameters.FromModel(start, vocabulary, PartsOf(texts, start.Vocabulary, vocabulary));
        held = [.. held.Where(HasWords)];
        var run = new TrainingRun(_options, pairs, bags, held.Length == 0 ? null : ValidationSet.Of(held, pairs), parameters, start?.CountQuarters ?? CountQuarters, staysClose: start is not null);
        run.Run(progress, cancellationToken);

        // Adapted vectors stay comparable with those of the model that they come from; those from chance can be turned as one likes.
        var rows = start is null && _options.ShorterDimensions.Any() ? run.TurnedRows() : run.State.BestRows;
        Write(rows, run.State, vocabulary, start, path);
        run.DeleteCheckpoint();
        return new StaticEmbeddingTrainingResult
        {
            Path = Path.GetFullPath(path),
            Tokens = vocabulary.Count,
            Pairs = pairs.Length,
            PairsWithoutWords = texts.Pairs.Count(pair => !HasWords(pair)),
            BestStep = run.State.BestStep,
            WrittenGain = run.Gain(Load(path)),
            Curve = run.State.Curve,
        };
    }

    private StaticModel? Start() => _options.StartFrom is { } path ? Load(path) : null;

    private static StaticModel Load(string path)
    {
        using var file = StaticModelFile.Open(path);
        return file.ToModel();
    }

    private StaticVocabulary Vocabulary(PairTexts texts, StaticModel? start)
    {
        if (start is null)
            return new StaticVocabulary([.. texts.Words.Choose(_options.Words, _options.Pieces, _ => false)], _options.Buckets);
        var added = texts.Words.Choose(_options.AddedWords, pieces: 0, stem => start.Vocabulary.Find(stem) >= 0);
        return new StaticVocabulary([.. start.Vocabulary.Hashes, .. added], start.Vocabulary.Buckets);
    }

    // Of each word that is new, what the model that is started from made of it.
    private static Dictionary<ulong, (int Id, float Factor)[]> PartsOf(PairTexts texts, StaticVocabulary old, StaticVocabulary vocabulary)
    {
        var parts = new Dictionary<ulong, (int, float)[]>();
        var (before, after) = (texts.Words.TokensOf(old), texts.Words.TokensOf(vocabulary));
        for (var type = 0; type < after.Length; type++)
        {
            foreach (var (id, _) in after[type])
            {
                if (id >= old.Words && id < vocabulary.Words)
                    parts.TryAdd(vocabulary.Hashes[id], [.. before[type].Select(part => (part.Id, (float)part.Count))]);
            }
        }

        return parts;
    }

    // Whole queries, so that none is trained on with one passage and validated with another.
    private PairTexts.Pair[] HoldBack(PairTexts texts, ref PairTexts.Pair[] pairs)
    {
        var lefts = pairs.Select(pair => pair.Left).Distinct().OrderBy(text => TermHash.Mix(texts.Hashes[text] ^ _options.Seed, 0x9E3779B97F4A7C15)).ToArray();
        var chosen = lefts.Take(Math.Min(_options.ValidationPairs, lefts.Length / 10)).ToHashSet();
        var held = pairs.Where(pair => chosen.Contains(pair.Left)).ToArray();
        pairs = [.. pairs.Where(pair => !chosen.Contains(pair.Left))];
        return held;
    }

    private void Write(float[] rows, TrainingState state, StaticVocabulary vocabulary, StaticModel? start, string path)
    {
        if (_options.UnroundedPath is { } unrounded)
        {
            unrounded = Path.GetFullPath(unrounded);
            AtomicFile.Write(DiskFolder.OpenOrCreate(Path.GetDirectoryName(unrounded)!), Path.GetFileName(unrounded), MemoryMarshal.AsBytes<float>(rows));
        }

        var dimensions = state.Parameters.Dimensions + 1;
        StaticModelWriter.Write(
            new StaticModel
            {
                Name = _options.Name,
                Version = _options.Version,
                Vocabulary = vocabulary,
                Weights = [.. state.BestLogWeights.Select(MathF.Exp)],
                RowLength = state.Parameters.Dimensions,
                Rows = rows,
                CountQuarters = start?.CountQuarters ?? CountQuarters,
                Lengths = [.. _options.ShorterDimensions.Where(shorter => shorter < dimensions), dimensions],
                Properties = _options.Properties,
            },
            path);
    }
}

using GenAI.Core.Embeddings;
using GenAI.Core.Training;

namespace GenAI.Core.Tests.Training;

public sealed class StaticEmbeddingTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("training").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Learns_which_words_mean_the_same()
    {
        var options = Options();
        options.ShorterDimensions = [16];
        var result = await new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("a"));

        // No query shares a word with its passage: before the training the right passage is as good as any other.
        result.Curve[0].ValidationGain.Should().BeLessThan(0.3);
        result.Curve.Max(point => point.ValidationGain).Should().BeGreaterThan(0.9);
        result.WrittenGain.Should().BeApproximately(result.Curve.Max(point => point.ValidationGain!.Value), 0.02);
        result.Curve.Select(point => point.Step).Should().Equal(0, 20, 40, 60);
        using var embedder = new StaticEmbeddingGenerator(result.Path);
        embedder.Dimensions.Should().Be(32);
        foreach (var dimensions in new[] { 32, 16 })
        {
            var right = Similarity(embedder, "automobile3 fast3", "car3 speedy3", dimensions);
            right.Should().BeGreaterThan(Similarity(embedder, "automobile3 fast3", "car4 speedy4", dimensions) + 0.2f);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    public async Task The_same_seed_gives_the_same_bytes_with_any_number_of_threads(int threads, int others)
    {
        var first = await TrainAsync("first", options => options.MaxDegreeOfParallelism = threads);
        var second = await TrainAsync("second", options => options.MaxDegreeOfParallelism = others);
        var other = await TrainAsync("other", options => options.Seed = 2);

        second.Should().Equal(first);
        other.Should().NotEqual(first);
    }

    [Fact]
    public async Task A_resumed_training_equals_an_uninterrupted_one()
    {
        var whole = await TrainAsync("whole", _ => { });

        var options = Options();
        options.CheckpointPath = At("checkpoint");
        using var stopping = new CancellationTokenSource();
        var interrupted = () => new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("resumed"), progress: new Reports(point =>
        {
            if (point.Step == 40)
                stopping.Cancel();
        }), cancellationToken: stopping.Token);
        await interrupted.Should().ThrowAsync<OperationCanceledException>();
        File.Exists(At("resumed")).Should().BeFalse();
        File.Exists(At("checkpoint")).Should().BeTrue();

        var steps = new List<int>();
        var result = await new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("resumed"), progress: new Reports(point => steps.Add(point.Step)));

        steps.Should().Equal([60], "the first steps are not done again");
        result.Curve.Select(point => point.Step).Should().Equal(0, 20, 40, 60);
        File.ReadAllBytes(At("resumed")).Should().Equal(whole);
        File.Exists(At("checkpoint")).Should().BeFalse("it is of no more use");
    }

    [Fact]
    public async Task A_checkpoint_of_another_training_is_refused()
    {
        var options = Options();
        options.CheckpointPath = At("checkpoint");
        using var stopping = new CancellationTokenSource();
        var interrupted = () => new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("a"), progress: new Reports(point =>
        {
            if (point.Step == 40)
                stopping.Cancel();
        }), cancellationToken: stopping.Token);
        await interrupted.Should().ThrowAsync<OperationCanceledException>();

        options.Temperature = 0.07;
        var other = () => new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("a"));
        (await other.Should().ThrowAsync<InvalidDataException>()).WithMessage("*other pairs or options*");

        var bytes = File.ReadAllBytes(At("checkpoint"));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(At("checkpoint"), bytes);
        (await other.Should().ThrowAsync<InvalidDataException>()).WithMessage("*damaged*Delete it*");
    }

    [Fact]
    public async Task An_adapted_model_knows_new_words_and_keeps_the_old_ones()
    {
        await new StaticEmbeddingTrainer(Options()).TrainAsync(Synonyms(), At("general"));
        using var general = new StaticEmbeddingGenerator(At("general"));
        var options = Options();
        (options.StartFrom, options.Steps, options.LearningRate, options.WeightDecay) = (At("general"), 40, 0.02, 1);

        var result = await new StaticEmbeddingTrainer(options).TrainAsync(Synonyms("invoice", "bill", "due", "payable"), At("adapted"));

        using var adapted = new StaticEmbeddingGenerator(At("adapted"));
        result.Curve[0].ValidationGain.Should().BeLessThan(0.5);
        result.Curve.Max(point => point.ValidationGain).Should().BeGreaterThan(0.9);
        Similarity(adapted, "invoice3 due3", "bill3 payable3").Should().BeGreaterThan(Similarity(general, "invoice3 due3", "bill3 payable3") + 0.2f);
        Similarity(adapted, "automobile3 fast3", "car3 speedy3").Should().BeApproximately(Similarity(general, "automobile3 fast3", "car3 speedy3"), 0.02f);
    }

    [Fact]
    public async Task Training_stops_when_validation_gets_no_better()
    {
        var options = Options();
        (options.Steps, options.ValidationInterval, options.Patience, options.LearningRate) = (2000, 5, 2, 0.2);

        var result = await new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("a"));

        result.Curve[^1].Step.Should().BeLessThan(2000);
        result.BestStep.Should().BeLessThan(result.Curve[^1].Step);
        result.Curve.Where(point => point.Step > result.BestStep).Should().OnlyContain(point => point.ValidationGain <= result.Curve.First(best => best.Step == result.BestStep).ValidationGain);
    }

    [Fact]
    public async Task Wrong_passages_are_mined_and_given_ones_are_used()
    {
        var pairs = Pairs(["automobile", "car", "fast", "speedy"]).Select((pair, i) => new TrainingPair { Query = pair.Query + " shared", Passage = pair.Passage + " shared", HardNegatives = [$"shared wrong{i}"] });
        var plain = await TrainAsync("plain", _ => { }, pairs.Select(pair => new TrainingPair { Query = pair.Query, Passage = pair.Passage }));
        var given = await TrainAsync("given", _ => { }, pairs);
        var mined = await TrainAsync("mined", options => options.MinedNegatives = 50, pairs.Select(pair => new TrainingPair { Query = pair.Query, Passage = pair.Passage }));

        given.Should().NotEqual(plain);
        mined.Should().NotEqual(plain);
    }

    [Fact]
    public async Task Pairs_that_teach_nothing_are_refused()
    {
        await Refused([new TrainingPair { Query = " ", Passage = "a passage" }], "*Pair 0*empty Query*Leave it out*");
        await Refused([new TrainingPair { Query = "a query", Passage = "" }], "*Pair 0*empty Passage*");
        await Refused([new TrainingPair { Query = "a query", Passage = "a passage", HardNegatives = [""] }], "*Pair 0*empty HardNegatives*");
        await Refused([new TrainingPair { Query = "a query", Passage = "a passage", Weight = double.NaN }], "*weight of pair 0 is NaN*");
        await Refused([.. Pairs(["automobile", "car", "fast", "speedy"]).Take(5)], "*5 pairs*at least 16*");
        await Refused([.. Enumerable.Repeat(new TrainingPair { Query = "of the", Passage = "and so" }, 50)], "*0 pairs with words*");

        async Task Refused(TrainingPair[] pairs, string message)
        {
            var train = () => new StaticEmbeddingTrainer(Options()).TrainAsync(Stream(pairs), At("a"));
            (await train.Should().ThrowAsync<ArgumentException>()).WithMessage(message);
            File.Exists(At("a")).Should().BeFalse();
        }
    }

    [Theory]
    [InlineData(1e37)]
    [InlineData(3e38)]
    public async Task A_training_that_goes_astray_ends(double rate)
    {
        var options = Options();
        options.LearningRate = rate;
        var train = () => new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("a"));
        (await train.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*gone astray*Lower LearningRate*");
        File.Exists(At("a")).Should().BeFalse();
    }

    [Fact]
    public async Task A_model_to_start_from_must_be_there_and_be_one()
    {
        var options = Options();
        options.StartFrom = At("absent");
        var train = () => new StaticEmbeddingTrainer(options).TrainAsync(Synonyms(), At("a"));
        await train.Should().ThrowAsync<FileNotFoundException>();

        File.WriteAllText(At("absent"), new string('x', 1000));
        await train.Should().ThrowAsync<InvalidDataException>();
    }

    [Fact]
    public void Options_out_of_their_range_are_named()
    {
        foreach (var (change, name) in new (Action<StaticEmbeddingTrainingOptions>, string)[]
        {
            (options => options.Dimensions = 4, "Dimensions is 4"), (options => options.ShorterDimensions = [300], "ShorterDimensions is 300"), (options => options.Words = 0, "Words is 0"),
            (options => options.BatchSize = 1, "BatchSize is 1"), (options => options.Temperature = 0, "Temperature is 0"), (options => options.LearningRate = double.NaN, "LearningRate is NaN"),
            (options => options.TokenDropout = 1, "TokenDropout is 1"), (options => options.Steps = 0, "Steps is 0"), (options => options.MaxDegreeOfParallelism = 0, "MaxDegreeOfParallelism is 0"),
        })
        {
            var options = new StaticEmbeddingTrainingOptions();
            change(options);
            var make = () => new StaticEmbeddingTrainer(options);
            make.Should().Throw<ArgumentException>().WithMessage($"*{name}*");
        }
    }

    // The checkpoint was deleted before the model was written: a full disk at the very end lost all of a training.
    [Fact]
    public async Task A_training_whose_model_cannot_be_written_keeps_its_checkpoint_and_goes_on_from_it()
    {
        var expected = await TrainAsync("whole", _ => { });
        Directory.CreateDirectory(At("taken"));

        var write = () => TrainAsync("taken", options => options.CheckpointPath = At("checkpoint"));

        await write.Should().ThrowAsync<IOException>();
        File.Exists(At("checkpoint")).Should().BeTrue();
        (await TrainAsync("resumed", options => options.CheckpointPath = At("checkpoint"))).Should().Equal(expected);
        File.Exists(At("checkpoint")).Should().BeFalse();
    }

    private static StaticEmbeddingTrainingOptions Options() => new()
    {
        Dimensions = 32,
        ShorterDimensions = [],
        Words = 500,
        Pieces = 0,
        Buckets = 16,
        Steps = 60,
        BatchSize = 32,
        LearningRate = 0.02,
        ValidationInterval = 20,
        CheckpointInterval = 20,
        MaxDegreeOfParallelism = 2,
    };

    private string At(string name) => Path.Combine(_folder, name);

    private async Task<byte[]> TrainAsync(string name, Action<StaticEmbeddingTrainingOptions> change, IEnumerable<TrainingPair>? pairs = null)
    {
        var options = Options();
        change(options);
        await new StaticEmbeddingTrainer(options).TrainAsync(pairs is null ? Synonyms() : Stream(pairs), At(name));
        return File.ReadAllBytes(At(name));
    }

    private static float Similarity(StaticEmbeddingGenerator embedder, string left, string right, int dimensions = 32)
    {
        var (first, second) = (new float[dimensions], new float[dimensions]);
        embedder.Embed(left, first);
        embedder.Embed(right, second);
        return System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(first, second);
    }

    // Each concept has two words in queries and two others in passages, which differ in nothing but their full stops: a word of one text only would have no row.
    private static IAsyncEnumerable<TrainingPair> Synonyms(params string[] words) => Stream(Pairs(words.Length == 0 ? ["automobile", "car", "fast", "speedy"] : words));

    private static IEnumerable<TrainingPair> Pairs(string[] words)
    {
        for (var i = 0; i < 240; i++)
        {
            var (concept, other) = (i % 20, i * 7 % 13);
            yield return new TrainingPair { Query = $"{words[0]}{concept} {words[2]}{concept} q{other} number{i}", Passage = $"{words[1]}{concept} {words[3]}{concept}{new string('.', i / 20)}", Source = i % 3 == 0 ? "a" : "b" };
        }
    }

    private static async IAsyncEnumerable<TrainingPair> Stream(IEnumerable<TrainingPair> pairs)
    {
        foreach (var pair in pairs)
        {
            await Task.Yield();
            yield return pair;
        }
    }

    private sealed class Reports(Action<StaticEmbeddingTrainingProgress> report) : IProgress<StaticEmbeddingTrainingProgress>
    {
        public void Report(StaticEmbeddingTrainingProgress value) => report(value);
    }
}

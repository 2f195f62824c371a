namespace GenAI.Core.Training;

/// <summary>Options of a <see cref="StaticEmbeddingTrainer"/>. The defaults were measured with vectors of 256 components. The model in the package GenAI.Core.Models.Small differs: see <c>samples/TrainEmbedder/SmallModel.cs</c> and docs/decisions/0133-longer-vectors.md.</summary>
public sealed class StaticEmbeddingTrainingOptions
{
    /// <summary>The model's name, which embedder fingerprints tell. The default is <c>static</c>.</summary>
    public string Name { get; set; } = "static";

    /// <summary>The model's version. The default is <c>1</c>.</summary>
    public string Version { get; set; } = "1";

    /// <summary>Whatever else the model file should say, such as its licence. The default is empty.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();

    /// <summary>The length of the vectors; 16 to 1,024. The default is 256. With <see cref="StartFrom"/> it is the length of that model.</summary>
    public int Dimensions { get; set; } = 256;

    /// <summary>
    /// Lengths that vectors can be cut to: in the end all rows are turned onto the principal axes of the passages, so that the first components say the most, and no product of whole vectors changes. With
    /// <see cref="StartFrom"/> they stay as that model has them. Each at least 8 and less than <see cref="Dimensions"/>. The default is 128 and 64; empty turns nothing.
    /// </summary>
    public IReadOnlyList<int> ShorterDimensions { get; set; } = [128, 64];

    /// <summary>The most words in the vocabulary; 1 or more. The default is 32,500.</summary>
    public int Words { get; set; } = 32_500;

    /// <summary>The most pieces that unknown words are made of, besides the words; 0 or more. The default is 1,500.</summary>
    public int Pieces { get; set; } = 1_500;

    /// <summary>The number of buckets that unknown words are told apart by; 1 or more. The default is 2,500.</summary>
    public int Buckets { get; set; } = 2_500;

    /// <summary>A model file to start from; its vocabulary stays and is added to. <see langword="null"/>, the default, starts from chance and inverse document frequencies.</summary>
    public string? StartFrom { get; set; }

    /// <summary>With <see cref="StartFrom"/>: the most words of the pairs that the model does not know and learns; 0 or more. The default is 1,000.</summary>
    public int AddedWords { get; set; } = 1_000;

    /// <summary>The most steps; 1 or more. The default is 1,500.</summary>
    public int Steps { get; set; } = 1_500;

    /// <summary>The pairs of a step; 8 or more. Each one's passage is wrong for all others. Fewer are taken where there are less than twice as many. The default is 1,024.</summary>
    public int BatchSize { get; set; } = 1_024;

    /// <summary>The share of steps whose pairs come from two sources instead of all; 0 to 1. The default is 0.5.</summary>
    public double SameSourceShare { get; set; } = 0.5;

    /// <summary>What cosines are divided by in the loss; 0.01 to 1: the lower, the more the hardest wrong passages count. The default is 0.05.</summary>
    public double Temperature { get; set; } = 0.05;

    /// <summary>How far a component of a token's vector moves in a step, about, after the warm-up; it falls to nothing towards the end. The default is 0.003.</summary>
    public double LearningRate { get; set; } = 0.003;

    /// <summary>The same for the logarithm of a token's weight. 0 leaves the weights as they are. The default is 0.003.</summary>
    public double WeightLearningRate { get; set; } = 0.003;

    /// <summary>The share of its distance from zero that a token's vector loses at a <see cref="LearningRate"/> of 1; with <see cref="StartFrom"/>, of its distance from where it began. The default is 0 from chance; a few units keep an adapted model close to the old one.</summary>
    public double WeightDecay { get; set; }

    /// <summary>The chance of a token to be left out of a text in a step; 0 up to but not 1. The default is 0.</summary>
    public double TokenDropout { get; set; }

    /// <summary>For how many pairs, those of the most weight first, the best wrong passage of a keyword search (BM25) is added to the wrong ones; 0 or more. The default is 0.</summary>
    public int MinedNegatives { get; set; }

    /// <summary>How many pairs are held back to validate with where none are given; at most a tenth of all. 0 validates with none and stops at the last step. The default is 500.</summary>
    public int ValidationPairs { get; set; } = 500;

    /// <summary>The steps between two validations; 1 or more. The default is 250.</summary>
    public int ValidationInterval { get; set; } = 250;

    /// <summary>After how many validations without a better one training stops; 1 or more. The model of the best validation is the one that is written. The default is 8.</summary>
    public int Patience { get; set; } = 8;

    /// <summary>A file to keep the state of the training in, and to go on from where it exists. It is deleted in the end. <see langword="null"/>, the default, keeps none.</summary>
    public string? CheckpointPath { get; set; }

    /// <summary>A file for the rows before they are rounded to 8 bits, to measure the rounding with: float32, little-endian, row by row, each a component shorter than <see cref="Dimensions"/>. <see langword="null"/>, the default, writes none.</summary>
    public string? UnroundedPath { get; set; }

    /// <summary>The steps between two checkpoints; 1 or more. The default is 500.</summary>
    public int CheckpointInterval { get; set; } = 500;

    /// <summary>What chance begins with. The same seed, pairs, options and kind of processor give the same model to the byte. The default is 1.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>How many threads work; 1 or more. The result does not depend on it. The default is the number of processors.</summary>
    public int MaxDegreeOfParallelism { get; set; } = Environment.ProcessorCount;

    internal StaticEmbeddingTrainingOptions Checked()
    {
        static void Check(bool isRight, string name, object value, string remedy)
        {
            if (!isRight)
                throw new ArgumentOutOfRangeException(nameof(StaticEmbeddingTrainingOptions), value, $"{name} is {value}; {remedy}");
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        ArgumentException.ThrowIfNullOrWhiteSpace(Version);
        ArgumentNullException.ThrowIfNull(Properties);
        ArgumentNullException.ThrowIfNull(ShorterDimensions);
        Check(Dimensions is >= 16 and <= 1024, nameof(Dimensions), Dimensions, "choose from 16 to 1,024, such as 256.");
        foreach (var shorter in ShorterDimensions)
            Check(shorter >= 8 && shorter < Dimensions, nameof(ShorterDimensions), shorter, $"each must be at least 8 and less than Dimensions, {Dimensions}.");
        Check(Words >= 1, nameof(Words), Words, "a model needs words, such as 32,500.");
        Check(Pieces >= 0, nameof(Pieces), Pieces, "it must be 0 or more.");
        Check(Buckets >= 1, nameof(Buckets), Buckets, "unknown words need at least 1.");
        Check(AddedWords >= 0, nameof(AddedWords), AddedWords, "it must be 0 or more.");
        Check(Steps >= 1, nameof(Steps), Steps, "at least 1 step is needed.");
        Check(BatchSize is >= 8 and <= 16_384, nameof(BatchSize), BatchSize, "choose from 8 to 16,384, such as 1,024.");
        Check(SameSourceShare is >= 0 and <= 1, nameof(SameSourceShare), SameSourceShare, "it must lie between 0 and 1.");
        Check(Temperature is >= 0.01 and <= 1, nameof(Temperature), Temperature, "it must lie between 0.01 and 1, such as 0.05.");
        Check(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "it must be more than 0, such as 0.003.");
        Check(WeightLearningRate >= 0 && double.IsFinite(WeightLearningRate), nameof(WeightLearningRate), WeightLearningRate, "it must be 0 or more, such as 0.003.");
        Check(WeightDecay >= 0 && WeightDecay * LearningRate < 1, nameof(WeightDecay), WeightDecay, "it must be 0 or more, and less than 1 / LearningRate.");
        Check(TokenDropout is >= 0 and < 1, nameof(TokenDropout), TokenDropout, "it must be from 0 up to but not 1.");
        Check(MinedNegatives >= 0, nameof(MinedNegatives), MinedNegatives, "it must be 0 or more.");
        Check(ValidationPairs >= 0, nameof(ValidationPairs), ValidationPairs, "it must be 0 or more.");
        Check(ValidationInterval >= 1, nameof(ValidationInterval), ValidationInterval, "it must be 1 or more.");
        Check(Patience >= 1, nameof(Patience), Patience, "it must be 1 or more.");
        Check(CheckpointInterval >= 1, nameof(CheckpointInterval), CheckpointInterval, "it must be 1 or more.");
        Check(MaxDegreeOfParallelism >= 1, nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism, "at least 1 thread has to work.");
        return (StaticEmbeddingTrainingOptions)MemberwiseClone();
    }
}

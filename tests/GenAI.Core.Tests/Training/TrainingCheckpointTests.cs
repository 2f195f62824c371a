using GenAI.Core.Storage;
using GenAI.Core.Tests.Storage;
using GenAI.Core.Training;

namespace GenAI.Core.Tests.Training;

public class TrainingCheckpointTests
{
    private static readonly byte[] Training = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Fact]
    public void A_state_comes_back_whole()
    {
        var folder = new FaultFolder();
        var state = State(7);
        TrainingCheckpoint.Save(folder, "state", Training, state);

        var read = new TrainingState(new TokenParameters(5, 3));
        TrainingCheckpoint.Load(folder, "state", Training, 100, read);

        read.Should().BeEquivalentTo(state);
        for (var i = 0; i < state.Numbers.Length; i++)
            read.Numbers[i].Should().Equal(state.Numbers[i]);
    }

    [Fact]
    public void A_full_disk_is_reported_and_leaves_the_checkpoint_before()
    {
        var folder = new FaultFolder();
        TrainingCheckpoint.Save(folder, "state", Training, State(7));
        folder.Plan(FaultKind.DiskFull, 2);

        var save = () => TrainingCheckpoint.Save(folder, "state", Training, State(8));

        save.Should().Throw<IOException>().WithMessage("*checkpoint*step 8 could not be written*Make room*");
        var read = new TrainingState(new TokenParameters(5, 3));
        TrainingCheckpoint.Load(folder, "state", Training, 100, read);
        read.Step.Should().Be(7);
    }

    private static TrainingState State(int step)
    {
        var parameters = new TokenParameters(5, 3);
        var state = new TrainingState(parameters) { Step = step, LossSum = 1.5, LossCount = 2, Misses = 1, BestStep = 4, BestGain = 0.25 };
        var random = new Random(step);
        foreach (var numbers in state.Numbers)
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = random.NextSingle();
        }

        state.Curve.Add(new StaticEmbeddingTrainingProgress(0, 100, double.NaN, 0.2));
        state.Curve.Add(new StaticEmbeddingTrainingProgress(4, 100, 1.25, null));
        return state;
    }
}

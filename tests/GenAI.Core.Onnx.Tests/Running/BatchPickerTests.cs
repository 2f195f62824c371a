using GenAI.Core.Onnx.Running;

namespace GenAI.Core.Onnx.Tests.Running;

public class BatchPickerTests
{
    [Fact]
    public void The_one_that_has_waited_longest_is_always_chosen_and_limits_hold()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var limits = new BatchLimits(random.Next(1, 2000), random.Next(1, 40));
            var lengths = Enumerable.Range(0, random.Next(1, 80)).Select(_ => random.Next(1, random.Next(2, 600))).ToArray();

            var picked = new BatchPicker(limits).Pick(lengths).ToArray();

            picked.Should().Contain(0).And.OnlyHaveUniqueItems();
            if (picked.Length > 1)
            {
                (picked.Length * picked.Max(i => lengths[i])).Should().BeLessThanOrEqualTo(limits.MaxTokens);
                picked.Length.Should().BeLessThanOrEqualTo(limits.MaxRows);
            }
        }
    }

    [Fact]
    public void No_batch_with_the_first_item_makes_more_of_its_cost()
    {
        const double RunCost = 11;
        var random = new Random(12);
        for (var round = 0; round < 300; round++)
        {
            var limits = new BatchLimits(random.Next(20, 400), random.Next(2, 12));
            var lengths = Enumerable.Range(0, random.Next(1, 16)).Select(_ => random.Next(1, 60)).ToArray();

            var picked = new BatchPicker(limits).Pick(lengths).ToArray();

            // Every set of neighbours in the order of lengths that has the first item in it and is not mostly padding for it.
            var sorted = lengths.Select((length, i) => (length, i)).OrderBy(entry => entry.length).ThenBy(entry => entry.i).ToArray();
            var best = 0.0;
            for (var low = 0; low < sorted.Length; low++)
            {
                for (var high = low; high < sorted.Length; high++)
                {
                    var part = sorted[low..(high + 1)];
                    var width = part[^1].length;
                    var fits = part.Length == 1 || (part.Length <= limits.MaxRows && part.Length * width <= limits.MaxTokens && width <= 2 * Math.Max(lengths[0], 11));
                    if (fits && part.Any(entry => entry.length == lengths[0]))
                        best = Math.Max(best, part.Sum(entry => entry.length) / (RunCost + part.Length * width));
                }
            }

            Share(picked.Select(i => lengths[i]).ToArray()).Should().BeGreaterThanOrEqualTo(best - 1e-9);
        }

        static double Share(int[] lengths) => lengths.Sum() / (RunCost + lengths.Length * lengths.Max());
    }

    [Fact]
    public void Texts_of_one_length_fill_a_batch()
    {
        new BatchPicker(new BatchLimits(1024, 256)).Pick([.. Enumerable.Repeat(16, 500)]).Length.Should().Be(64);
        new BatchPicker(new BatchLimits(1024, 32)).Pick([.. Enumerable.Repeat(16, 500)]).Length.Should().Be(32);
    }

    [Fact]
    public void A_text_longer_than_a_batch_is_one_of_its_own()
    {
        new BatchPicker(new BatchLimits(100, 10)).Pick([500, 499, 20]).ToArray().Should().Equal(0);
    }
}

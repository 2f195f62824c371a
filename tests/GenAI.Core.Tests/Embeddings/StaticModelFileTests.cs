using System.Buffers.Binary;
using System.IO.Hashing;
using GenAI.Core.Embeddings;
using GenAI.Core.Storage;
using GenAI.Core.Tests.Storage;

namespace GenAI.Core.Tests.Embeddings;

public class StaticModelFileTests
{
    private const string Name = "test.staticmodel";

    [Fact]
    public void A_model_comes_back_as_it_was_written_but_for_the_rounding_of_its_rows()
    {
        var model = SmallModels.Make(rowLength: 33);
        using var file = Open(StaticModelWriter.ToBytes(model));
        var read = file.ToModel();

        read.Vocabulary.Hashes.SequenceEqual(model.Vocabulary.Hashes).Should().BeTrue();
        read.Vocabulary.Buckets.Should().Be(model.Vocabulary.Buckets);
        read.Weights.Should().Equal(model.Weights);
        read.Lengths.Should().Equal(model.Lengths);
        (read.Name, read.Version, read.CountQuarters, read.RowLength).Should().Be((model.Name, model.Version, model.CountQuarters, model.RowLength));
        read.Properties.Should().Equal(model.Properties);
        for (var i = 0; i < model.Rows.Length; i++)
        {
            var row = model.Rows.AsSpan(i / 33 * 33, 33).ToArray();
            read.Rows[i].Should().BeApproximately(model.Rows[i], row.Max(Math.Abs) / 127 / 2 * 1.001f);
        }

        StaticModelWriter.ToBytes(read).Should().Equal(StaticModelWriter.ToBytes(model), "codes are what rows of them are rounded to");
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes() => StaticModelWriter.ToBytes(SmallModels.Make()).Should().Equal(StaticModelWriter.ToBytes(SmallModels.Make()));

    [Fact]
    public void A_file_is_cut_off_anywhere_and_refused()
    {
        var bytes = StaticModelWriter.ToBytes(SmallModels.Make());

        for (var length = 0; length < bytes.Length; length += length < 200 ? 1 : 97)
            FluentActions.Invoking(() => Open(bytes[..length])).Should().Throw<InvalidDataException>("{0} bytes are left", length).WithMessage("*/test.staticmodel' is*cut off*restore the package*");
        FluentActions.Invoking(() => Open([.. bytes, 0])).Should().Throw<InvalidDataException>().WithMessage("*its length is wrong*");
    }

    [Fact]
    public void A_turned_bit_anywhere_is_noticed()
    {
        var bytes = StaticModelWriter.ToBytes(SmallModels.Make());
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << i % 8);
            FluentActions.Invoking(() => Open(bytes)).Should().Throw<InvalidDataException>("byte {0} is not what it was", i);
            bytes[i] ^= (byte)(1 << i % 8);
        }

        Open(bytes).Dispose();
    }

    [Fact]
    public void A_foreign_file_and_a_newer_one_are_told_apart()
    {
        var newer = StaticModelWriter.ToBytes(SmallModels.Make());
        BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(8), 2);
        Reseal(newer);

        FluentActions.Invoking(() => Open(newer)).Should().Throw<NotSupportedException>().WithMessage("*version 2*up to 1*newer GenAI.Core*");
        FluentActions.Invoking(() => Open(new byte[5000])).Should().Throw<InvalidDataException>().WithMessage("*is not a static model*folder with model.safetensors*");
    }

    [Fact]
    public void A_forged_file_is_refused_or_harmless()
    {
        // Mutants with checksums that fit, so that what is behind them is reached: they are refused in words, or every vector is finite.
        var original = StaticModelWriter.ToBytes(SmallModels.Make(rowLength: 3));
        var mutator = new ByteMutator(seed: 11);
        var (refused, taken) = (0, 0);
        for (var i = 0; i < 3_000; i++)
        {
            var mutant = mutator.Mutate(original);
            var isSealed = i % 4 != 0 && mutant.Length >= StaticModelFormat.HeaderBytes + StaticModelFormat.ChecksumBytes;
            if (isSealed)
                Reseal(mutant);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = Open(mutant);
                taken++;
                if (isSealed)
                {
                    file.Multipliers.Should().OnlyContain(multiplier => multiplier >= 0 && multiplier <= 1e12f);
                    file.ToModel().Rows.Should().OnlyContain(value => float.IsFinite(value));
                }
                else
                {
                    mutant.Should().Equal(original);
                }
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException)
            {
                error.Message.Should().Contain(Name);
                refused++;
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((256 << 10) + 40L * mutant.Length);
        }

        refused.Should().BeGreaterThan(1_000);
        taken.Should().BeGreaterThan(100);
    }

    [Fact]
    public void A_full_disk_leaves_the_model_that_was_there()
    {
        var (old, other) = (StaticModelWriter.ToBytes(SmallModels.Make()), StaticModelWriter.ToBytes(SmallModels.Make(seed: 8)));
        var folder = new FaultFolder { [Name] = old };
        folder.Plan(FaultKind.DiskFull, 1);

        FluentActions.Invoking(() => StaticModelWriter.Write(SmallModels.Make(seed: 8), folder, Name)).Should().Throw<IOException>();
        folder[Name].Should().Equal(old);
        folder.List().Should().Equal(Name);
        folder.MakeSpace();
        StaticModelWriter.Write(SmallModels.Make(seed: 8), folder, Name);
        folder[Name].Should().Equal(other);
    }

    [Fact]
    public void What_makes_no_model_is_not_written()
    {
        static void Refused(Action<StaticModel> spoil, string message)
        {
            var model = SmallModels.Make();
            spoil(model);
            FluentActions.Invoking(() => StaticModelWriter.ToBytes(model)).Should().Throw<ArgumentException>().WithMessage(message);
        }

        Refused(model => model.Rows[20] = float.NaN, "*row of token 1*NaN*component 5*");
        Refused(model => model.Rows[0] = float.PositiveInfinity, "*row of token 0*");
        Refused(model => model.Weights[3] = -1, "*weight of token 3*-1*");
        Refused(model => model.Weights[3] = float.NaN, "*weight of token 3*");
        Refused(model => model.Weights[3] = float.MaxValue, "*weight of token 3*");
        FluentActions.Invoking(() => StaticModelWriter.ToBytes(SmallModels.Make(countQuarters: 5))).Should().Throw<ArgumentException>().WithMessage("*CountQuarters is 5*");
        FluentActions.Invoking(() => StaticModelWriter.ToBytes(SmallModels.Make(version: ""))).Should().Throw<ArgumentException>().WithMessage("*Version is empty*");
    }

    private static StaticModelFile Open(byte[] bytes) => StaticModelFile.Open(new FaultFolder { [Name] = bytes }, Name);

    // Makes both checksums fit, and the length where the layout still says where it ends.
    private static void Reseal(byte[] file)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(56), Checksum.Of(file.AsSpan(0, 56)));
        XxHash128.Hash(file.AsSpan(0, file.Length - 16), file.AsSpan(file.Length - 16));
    }
}

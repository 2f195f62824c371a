using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using GenAI.Core.Answering;

namespace GenAI.Core.Tests.Answering;

public partial class MarkerScannerTests
{
    [Theory]
    [InlineData("A [1].", "A <1>.")]
    [InlineData("A[2]", "A<2>")]
    [InlineData("A [1, 3].", "A <1,3>.")]
    [InlineData("A [1;2] B", "A <1,2> B")]
    [InlineData("A [1][3].", "A <1><3>.")]
    [InlineData("A [1-3].", "A <1,2,3>.")]
    [InlineData("A [1–2, 3]", "A <1,2,3>")]
    [InlineData("A [3-1]", "A <1,2,3>")]
    [InlineData("A [ 2 ]", "A <2>")]
    [InlineData("A [^2]", "A <2>")]
    [InlineData("A [1 and 2]", "A <1,2>")]
    [InlineData("A [Source 1]", "A <1>")]
    [InlineData("A [source 1, source 3]", "A <1,3>")]
    [InlineData("A [Sources: 1, 2]", "A <1,2>")]
    [InlineData("A [Source 2: The handbook, page 3]", "A <2>")]
    [InlineData("A [doc #2]", "A <2>")]
    [InlineData("A 【1】", "A <1>")]
    [InlineData("A 【2†handbook.pdf】", "A <2>")]
    [InlineData("A 【1:0†source】", "A <1>")]
    [InlineData("A ［3］", "A <3>")]
    [InlineData("A [٢]", "A <2>")]
    [InlineData("A [1, 1]", "A <1>")]
    [InlineData("A [1, 99] B", "A <1> B")]
    [InlineData("A [2-99999999999999999999]", "A <2,3>")]
    public void Reads_the_forms_that_models_write(string reply, string expected) => Scan(reply).Should().Be(expected);

    [Theory]
    [InlineData("A [99].", "A.")]
    [InlineData("A [0] B", "A B")]
    [InlineData("A[4]B", "AB")]
    [InlineData("A [99]", "A")]
    [InlineData("[99] A", "A")]
    [InlineData("A [99] [98], B", "A, B")]
    [InlineData("A [99] [1].", "A <1>.")]
    [InlineData("A\n\n[99]\n\nB", "A\n\nB")]
    [InlineData("A [99]\n- B", "A\n- B")]
    [InlineData("A [[99]] B", "A B")]
    [InlineData("A 【99†x】.", "A.")]
    [InlineData("A [Source 12: Title].", "A.")]
    [InlineData("A [9[99]9] B", "A B")]
    [InlineData("A [99, 98-97] B", "A B")]
    public void Removes_a_marker_of_no_source_with_its_space(string reply, string expected) => Scan(reply).Should().Be(expected);

    [Theory]
    [InlineData("see [the docs](http://x/y)")]
    [InlineData("a [TODO] b")]
    [InlineData("a [x1] b")]
    [InlineData("a [1.5] b")]
    [InlineData("a [] b")]
    [InlineData("a [1 2] b")]
    [InlineData("a ] b")]
    [InlineData("a [note: 1] b")]
    public void Leaves_other_brackets(string reply) => Scan(reply).Should().Be(reply);

    [Theory]
    [InlineData("use `a[0]` here", "use `a[0]` here")]
    [InlineData("use `m[1][2]` here", "use `m[1][2]` here")]
    [InlineData("use `x = [7, 8]` here", "use `x = [7, 8]` here")]
    [InlineData("``a`b[0]`` c[9]", "``a`b[0]`` c")]
    [InlineData("```\nrow[5] = 2\nf([3])\n```\nend [9]", "```\nrow[5] = 2\nf([3])\n```\nend")]
    [InlineData("`open a[9]\nb[9]", "`open a[9]\nb")]
    [InlineData("done `x` [1].", "done `x` <1>.")]
    public void Leaves_indexes_and_lists_in_code(string reply, string expected) => Scan(reply).Should().Be(expected);

    [Theory]
    [InlineData("A [1", "A")]
    [InlineData("A [Source", "A")]
    [InlineData("A [", "A")]
    public void Drops_a_marker_that_the_end_cuts_off(string reply, string expected) => Scan(reply).Should().Be(expected);

    [Fact]
    public void Every_split_of_a_reply_gives_the_same()
    {
        Gen.Select(Reply, Gen.Int[0, 200].Array[0, 6]).Holds(5000, (reply, cuts) =>
        {
            var whole = Scan(reply);
            Scan(Split(reply, cuts)).Should().Be(whole);
            Scan([.. reply.Select(c => c.ToString())]).Should().Be(whole);
        });
    }

    [Fact]
    public void No_unknown_marker_is_left_in_the_text()
    {
        Reply.Holds(20000, reply =>
        {
            // Backticks would make it code, where an index stays.
            var text = Scan(reply.Replace('`', 'x'));
            foreach (Match match in AnyMarker().Matches(text))
                Assert.Fail($"'{match.Value}' is left in '{text}' of '{reply}'.");
        });
    }

    [Fact]
    public void A_megabyte_of_brackets_and_digits_is_read_in_linear_time()
    {
        Scan(new string('[', 1_000_000)).Should().BeEmpty();
        Scan("[" + new string('1', 1_000_000) + "]").Should().BeEmpty();
        Scan(string.Concat(Enumerable.Repeat("[1, ", 250_000))).Should().NotContain("[99]");
    }

    [GeneratedRegex(@"\[\s*\d+(\s*[,;-]\s*\d+)*\s*\]")]
    private static partial Regex AnyMarker();

    private static readonly string[] Pieces =
    [
        "[", "]", "[", "]", "1", "3", "9", "0", ",", "-", " ", " ", "\n", ".", "a", "b", "`", "```", "【", "】", "†", ":", "^", "Source ", "and ",
        "[1]", "[2, 3]", "[99]", "[0]", "NO_EVIDENCE", "(", "=",
    ];

    /// <summary>Replies dense with everything that the scanner looks at.</summary>
    internal static Gen<string> Reply { get; } = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 24].Select(string.Concat);

    internal static string[] Split(string text, int[] cuts)
    {
        int[] at = [.. cuts.Select(cut => Math.Min(cut, text.Length)).Append(0).Append(text.Length).Order()];
        return [.. Enumerable.Range(0, at.Length - 1).Select(i => text[at[i]..at[i + 1]])];
    }

    private static string Scan(params string[] pieces)
    {
        var sink = new Recorder();
        var scanner = new MarkerScanner(sourceCount: 3, sink);
        foreach (var piece in pieces)
            scanner.Read(piece);
        scanner.Complete();
        return sink.Text.ToString().TrimStart();
    }

    private sealed class Recorder : IMarkerSink
    {
        public StringBuilder Text { get; } = new();

        void IMarkerSink.Text(char c) => Text.Append(c);

        void IMarkerSink.Marker(IReadOnlyList<int> numbers) => Text.Append(CultureInfo.InvariantCulture, $"<{string.Join(',', numbers)}>");
    }
}

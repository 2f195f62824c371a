using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class RankFusionTests
{
    private static readonly FusionOptions Reciprocal = new() { Method = FusionMethod.ReciprocalRank, VectorWeight = 1, KeywordWeight = 1 };

    [Fact]
    public void Reciprocal_rank_is_the_sum_of_one_over_sixty_plus_rank()
    {
        var fused = Fuse([(1, 0.9f), (2, 0.8f), (3, 0.1f)], [(3, 7f), (2, 5f)], Reciprocal);

        fused.Select(match => match.Id).Should().Equal(3, 2, 1);
        fused[0].Score.Should().BeApproximately(1 / 61f + 1 / 63f, 1e-7f);
        fused[1].Score.Should().BeApproximately(1 / 62f + 1 / 62f, 1e-7f);
        fused[2].Score.Should().BeApproximately(1 / 61f, 1e-7f);
    }

    [Fact]
    public void Relative_score_is_the_weighted_mean_of_stretched_scores()
    {
        var options = new FusionOptions { VectorWeight = 1, KeywordWeight = 3 };

        var fused = Fuse([(1, 0.9f), (2, 0.7f), (3, 0.5f)], [(2, 8f), (3, 4f)], options);

        fused.Select(match => match.Id).Should().Equal(2, 3, 1);
        fused[0].Score.Should().BeApproximately(0.25f * 0.5f + 0.75f, 1e-6f);
        fused[1].Score.Should().BeApproximately(0.75f * 0.5f, 1e-6f, "a keyword arm that is not cut off begins at 0");
        fused[2].Score.Should().BeApproximately(0.25f, 1e-6f);
    }

    [Fact]
    public void Score_sum_adds_points_of_keywords_and_squares_of_cosines()
    {
        var options = new FusionOptions { Method = FusionMethod.ScoreSum, VectorWeight = 30, KeywordWeight = 1, UnrelatedScore = 0.25 };

        // Cosines above 0.25, as shares of the way to 1: 0.8, 0.6 and 0.4. Both lists are whole, so they begin at 0.
        var fused = Fuse([(1, 0.85f), (2, 0.7f), (3, 0.55f)], [(3, 12f), (2, 9f)], options);

        var all = 30 * 0.64 + 12;
        fused.Select(match => match.Id).Should().Equal(2, 1, 3);
        fused[0].Score.Should().BeApproximately((float)((30 * 0.36 + 9) / all), 1e-5f);
        fused[1].Score.Should().BeApproximately((float)(30 * 0.64 / all), 1e-5f);
        fused[2].Score.Should().BeApproximately((float)((30 * 0.16 + 12) / all), 1e-5f);
    }

    [Fact]
    public void Score_sum_trusts_the_arm_that_sets_texts_apart()
    {
        var options = new FusionOptions { Method = FusionMethod.ScoreSum, VectorWeight = 30, KeywordWeight = 1 };

        // The vectors prefer 1 and the keywords 2, both as clearly as relative scores can tell.
        Fuse([(1, 0.9f), (2, 0.3f)], [(2, 6f), (1, 5f)], options)[0].Id.Should().Be(1);
        Fuse([(1, 0.35f), (2, 0.3f)], [(2, 40f), (1, 20f)], options)[0].Id.Should().Be(2);
        Fuse([(1, -0.2f), (2, -0.9f)], [(2, 0.1f)], options)[0].Id.Should().Be(2, "what lies opposite to the query explains nothing of it");
    }

    [Fact]
    public void Score_sum_of_arms_that_are_cut_off_begins_at_their_last_scores()
    {
        var options = new FusionOptions { Method = FusionMethod.ScoreSum, VectorWeight = 10, KeywordWeight = 1 };

        var fused = Fuse([(1, 0.9f), (2, 0.5f)], [(1, 8f), (3, 4f)], options, candidates: 2);

        fused.Select(match => match.Id).Should().Equal(1, 3, 2);
        fused.Select(match => match.Score).Should().Equal(1, 0, 0);
    }

    [Fact]
    public void A_keyword_arm_that_is_cut_off_begins_at_its_last_score()
    {
        var fused = Fuse([], [(1, 8f), (2, 6f), (3, 4f)], new FusionOptions { VectorWeight = 0, KeywordWeight = 1 }, candidates: 3);

        fused.Select(match => match.Score).Should().Equal(1, 0.5f, 0);
    }

    [Fact]
    public void The_best_in_both_arms_has_score_one()
    {
        Fuse([(5, 0.3f), (6, 0.2f)], [(5, 2f), (6, 1f)])[0].Score.Should().BeApproximately(1, 1e-6f);
    }

    [Fact]
    public void A_match_says_place_and_score_in_each_arm()
    {
        var fused = Fuse([(1, 0.9f), (2, 0.8f)], [(2, 5f), (3, 4f)]);

        var both = fused.Single(match => match.Id == 2);
        both.Vector.Should().Be(new ArmMatch(2, 0.8f));
        both.Keyword.Should().Be(new ArmMatch(1, 5f));
        fused.Single(match => match.Id == 1).Keyword.Should().BeNull();
        fused.Single(match => match.Id == 3).Vector.Should().BeNull();
    }

    [Theory]
    [InlineData(FusionMethod.RelativeScore, 0f)]
    [InlineData(FusionMethod.ReciprocalRank, 0f)]
    [InlineData(FusionMethod.ScoreSum, 0f)]
    [InlineData(FusionMethod.ScoreSum, 1e-7f)]
    [InlineData(FusionMethod.RelativeScore, 1e-7f)]
    [InlineData(FusionMethod.ReciprocalRank, 1e-7f)]
    public void Vectors_that_are_all_alike_do_not_outvote_keywords(FusionMethod method, float noise)
    {
        // A hundred equal vectors; the text that matches is not among the twenty that the vector arm happens to list.
        var vectors = Enumerable.Range(0, 20).Select(id => ((long)id, 1f - noise * (id % 3))).ToArray();
        foreach (var weight in (double[])[0.15, 0.5, 0.9])
        {
            var options = new FusionOptions { Method = method, VectorWeight = weight, KeywordWeight = 1 - weight };

            var fused = Fuse(vectors, [(77, 2f), (5, 1f)], options, candidates: 20);

            fused[0].Id.Should().Be(77);
            fused[1].Id.Should().Be(5);
            fused.Should().HaveCount(21);
        }
    }

    [Fact]
    public void Ties_share_a_place_and_are_ordered_by_id()
    {
        var fused = Fuse([(9, 0.5f), (4, 0.5f), (1, 0.2f)], [], Reciprocal);

        fused.Select(match => match.Id).Should().Equal(4, 9, 1);
        fused[0].Score.Should().Be(fused[1].Score);
        fused[2].Score.Should().BeApproximately(1 / 63f, 1e-7f);
    }

    [Fact]
    public void Keywords_that_score_alike_still_count()
    {
        var fused = Fuse([(1, 0.9f), (2, 0.5f), (3, 0.4f)], [(2, 3f), (3, 3f)]);

        fused.Select(match => match.Id).Should().Equal(2, 3, 1);
    }

    [Fact]
    public void One_arm_or_none_is_enough()
    {
        Fuse([], []).Should().BeEmpty();
        Fuse([(1, -3f), (2, -4f)], []).Select(match => match.Id).Should().Equal(1, 2);
        Fuse([], [(1, 3f)]).Single().Score.Should().BeApproximately(0.85f, 1e-6f);
        Fuse([(1, 0f)], []).Single().Score.Should().BeApproximately(0.15f, 1e-6f);
    }

    [Fact]
    public void Results_hold_the_best_that_fit()
    {
        var results = new FusedMatch[1];

        RankFusion.Fuse([new(1, 0.9f), new(2, 0.1f)], [new(2, 5f)], 10, results).Should().Be(1);
        results[0].Id.Should().Be(2);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        FluentActions.Invoking(() => Fuse([], [], new FusionOptions { VectorWeight = -1 })).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*VectorWeight is -1*");
        FluentActions.Invoking(() => Fuse([], [], new FusionOptions { RankConstant = double.NaN })).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*RankConstant*");
        FluentActions.Invoking(() => Fuse([], [], new FusionOptions { UnrelatedScore = 1 })).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*UnrelatedScore is 1*");
        FluentActions.Invoking(() => Fuse([], [], new FusionOptions { Method = (FusionMethod)9 })).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Fuse([(1, 1f), (2, 1f)], [], candidates: 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static FusedMatch[] Fuse((long, float)[] vectors, (long, float)[] keywords, FusionOptions? options = null, int candidates = 100)
    {
        var results = new FusedMatch[vectors.Length + keywords.Length];
        var count = RankFusion.Fuse(vectors.Select(v => new VectorMatch(v.Item1, v.Item2)).ToArray(), keywords.Select(k => new KeywordMatch(k.Item1, k.Item2)).ToArray(), candidates, results, options);
        return results[..count];
    }
}

using GenAI.Core.Onnx.Tests.Graphs;
using GenAI.Core.Verification;

namespace GenAI.Core.Onnx.Tests;

public class ClassificationTests
{
    [Fact]
    public async Task A_cross_encoder_scores_pairs_as_the_network_does()
    {
        var weights = new BertWeights(BertShape.Small, labels: 1);
        using var folder = ModelFolderWriter.Classifier(weights);
        using var reranker = new OnnxReranker(folder.Path);
        var texts = Texts.Few.Concat(Texts.Mixed(40, maxWords: 20)).ToArray();

        var scores = await reranker.ScoreAsync("Where is the bicycle?", texts);

        var reference = new BertReference(weights);
        for (var i = 0; i < texts.Length; i++)
        {
            var (ids, types) = WordPieceReference.EncodePair("Where is the bicycle?", texts[i]);
            var expected = 1 / (1 + Math.Exp(-reference.Logits(ids, types)[0]));
            ((double)scores[i]).Should().BeApproximately(expected, 1e-4, "text {0}", i);
        }
    }

    [Fact]
    public async Task A_cross_encoder_s_activation_is_read_from_the_folder_or_set()
    {
        var weights = new BertWeights(BertShape.Small, labels: 1);
        using var folder = ModelFolderWriter.Classifier(weights);
        folder.Json("config.json", new { vocab_size = weights.Shape.Vocabulary, sentence_transformers = new { activation_fn = "torch.nn.modules.linear.Identity" } });
        using var raw = new OnnxReranker(folder.Path);
        using var sigmoid = new OnnxReranker(folder.Path, new() { Activation = ScoreActivation.Sigmoid });

        var value = (await raw.ScoreAsync("the query", ["the office"]))[0];
        var score = (await sigmoid.ScoreAsync("the query", ["the office"]))[0];

        score.Should().BeApproximately(1 / (1 + MathF.Exp(-value)), 1e-5f);
    }

    [Fact]
    public async Task A_pair_that_is_too_long_loses_the_end_of_the_longer_text()
    {
        var weights = new BertWeights(BertShape.Small, labels: 1);
        using var folder = ModelFolderWriter.Classifier(weights);
        using var reranker = new OnnxReranker(folder.Path, new() { MaxTokens = 16 });
        var text = string.Join(' ', Enumerable.Repeat("the office opens", 12));

        var score = (await reranker.ScoreAsync("the bicycle", [text]))[0];

        var (ids, types) = WordPieceReference.EncodePair("the bicycle", string.Join(' ', text.Split(' ')[..11]));
        ((double)score).Should().BeApproximately(1 / (1 + Math.Exp(-new BertReference(weights).Logits(ids, types)[0])), 1e-4);
        reranker.Statistics.TruncatedTexts.Should().Be(1);
    }

    [Fact]
    public async Task A_classifier_names_labels_with_shares_that_add_up()
    {
        var weights = new BertWeights(BertShape.Small, labels: 3);
        using var folder = ModelFolderWriter.Classifier(weights, new Dictionary<string, string> { ["0"] = "safe", ["1"] = "injection", ["2"] = "other" });
        var options = new OnnxClassifierOptions { Threshold = 0.4f };
        options.LabelThresholds["safe"] = 0;
        using var classifier = new OnnxTextClassifier(folder.Path, options);

        var results = await classifier.ClassifyAsync(Texts.Few);

        var reference = new BertReference(weights);
        for (var i = 0; i < Texts.Few.Length; i++)
        {
            var logits = reference.Logits(WordPieceReference.Encode(Texts.Few[i]));
            var exponents = logits.Select(Math.Exp).ToArray();
            var labels = new[] { "safe", "injection", "other" };
            results[i].Should().BeInDescendingOrder(label => label.Score);
            results[i].Sum(label => label.Score).Should().BeApproximately(1, 1e-5f);
            foreach (var (label, score, holds) in results[i])
            {
                ((double)score).Should().BeApproximately(exponents[Array.IndexOf(labels, label)] / exponents.Sum(), 1e-4);
                holds.Should().Be(label == "safe" || score >= 0.4f);
            }
        }
    }

    [Fact]
    public async Task Labels_that_may_hold_together_are_scored_one_by_one()
    {
        var weights = new BertWeights(BertShape.Small, labels: 2);
        using var folder = ModelFolderWriter.Classifier(weights, new Dictionary<string, string> { ["0"] = "toxic", ["1"] = "insult" }, "multi_label_classification");
        using var classifier = new OnnxTextClassifier(folder.Path);

        var result = (await classifier.ClassifyAsync([Texts.Few[0]]))[0];

        var logits = new BertReference(weights).Logits(WordPieceReference.Encode(Texts.Few[0]));
        ((double)result.Single(label => label.Label == "insult").Score).Should().BeApproximately(1 / (1 + Math.Exp(-logits[1])), 1e-4);
    }

    [Fact]
    public async Task A_long_text_has_the_greatest_value_of_its_windows()
    {
        var weights = new BertWeights(BertShape.Small, labels: 2);
        using var folder = ModelFolderWriter.Classifier(weights);
        using var classifier = new OnnxTextClassifier(folder.Path, new() { MaxTokens = 16, Activation = ScoreActivation.None });
        var text = string.Join(' ', Texts.Mixed(6));

        var result = (await classifier.ClassifyAsync([text]))[0];

        var reference = new BertReference(weights);
        var windows = WordPieceReference.Encode(text)[1..^1].Chunk(14).Select(window => reference.Logits([2, .. window, 3])).ToArray();
        windows.Length.Should().BeGreaterThan(2);
        for (var label = 0; label < 2; label++)
            ((double)result.Single(entry => entry.Label == $"LABEL_{label}").Score).Should().BeApproximately(windows.Max(window => window[label]), 1e-3);
    }

    [Fact]
    public async Task Entailment_is_found_by_its_label()
    {
        var weights = new BertWeights(BertShape.Small, labels: 3);
        using var folder = ModelFolderWriter.Classifier(weights, new Dictionary<string, string> { ["0"] = "contradiction", ["1"] = "entailment", ["2"] = "neutral" });
        using var scorer = new OnnxEntailmentScorer(folder.Path);

        var score = (await scorer.ScoreAsync("Bicycles are kept in the cellar.", ["the cellar", "the office opens"]))[1];

        var (ids, types) = WordPieceReference.EncodePair("Bicycles are kept in the cellar.", "the office opens");
        var exponents = new BertReference(weights).Logits(ids, types).Select(Math.Exp).ToArray();
        ((double)score.Entailment).Should().BeApproximately(exponents[1] / exponents.Sum(), 1e-4);
        ((double)score.Contradiction).Should().BeApproximately(exponents[0] / exponents.Sum(), 1e-4);
        (score.Entailment + score.Neutral + score.Contradiction).Should().BeApproximately(1, 1e-5f);

        // The same, as the judge of claims that the core knows.
        (await ((IEntailmentJudge)scorer).JudgeAsync("Bicycles are kept in the cellar.", "the office opens")).Should().BeEquivalentTo(new { Entailment = (double)score.Entailment, Contradiction = (double)score.Contradiction });
    }

    [Fact]
    public void Models_with_other_labels_are_refused_with_the_labels_they_have()
    {
        var weights = new BertWeights(BertShape.Small, labels: 3);
        using var folder = ModelFolderWriter.Classifier(weights, new Dictionary<string, string> { ["0"] = "red", ["1"] = "green", ["2"] = "blue" });

        FluentActions.Invoking(() => new OnnxReranker(folder.Path)).Should().Throw<OnnxModelException>().WithMessage("*3 labels*OnnxTextClassifier*");
        FluentActions.Invoking(() => new OnnxEntailmentScorer(folder.Path)).Should().Throw<OnnxModelException>().WithMessage("*red, green, blue*EntailmentLabel*");
        new OnnxEntailmentScorer(folder.Path, new() { EntailmentLabel = "green" }).Dispose();

        var options = new OnnxClassifierOptions();
        options.LabelThresholds["purple"] = 0.1f;
        FluentActions.Invoking(() => new OnnxTextClassifier(folder.Path, options)).Should().Throw<ArgumentException>().WithMessage("*'purple'*red, green, blue*");
    }

    [Fact]
    public void A_config_of_another_model_is_noticed()
    {
        var weights = new BertWeights(BertShape.Small, labels: 3);
        using var folder = ModelFolderWriter.Classifier(weights, new Dictionary<string, string> { ["0"] = "a", ["1"] = "b" });

        FluentActions.Invoking(() => new OnnxTextClassifier(folder.Path)).Should().Throw<OnnxModelException>().WithMessage("*names 2 labels*3 values*");
    }

    [Fact]
    public void An_embedding_model_is_no_classifier()
    {
        using var folder = ModelFolderWriter.SentenceModel(new BertWeights(BertShape.Small));

        FluentActions.Invoking(() => new OnnxReranker(folder.Path)).Should().Throw<OnnxModelException>().WithMessage("*no output of scores*last_hidden_state*");
    }
}

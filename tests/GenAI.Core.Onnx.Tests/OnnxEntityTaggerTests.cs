using GenAI.Core.Onnx.Tests.Graphs;
using GenAI.Core.PersonalData;

namespace GenAI.Core.Onnx.Tests;

public class OnnxEntityTaggerTests
{
    private static readonly BertWeights Weights = new(BertShape.Small);

    // The states of the network, read as if they were values of labels.
    private static readonly string[] Labels = [.. Enumerable.Range(0, BertShape.Small.Width).Select(label => (label % 3) switch { 0 => "B-PER", 1 => "I-LOC", _ => "O" })];

    [Fact]
    public async Task Names_are_those_of_the_highest_value_of_each_word()
    {
        using var folder = Folder(Labels);
        using var tagger = new OnnxEntityTagger(folder.Path, new() { OutputName = "last_hidden_state" });
        var text = string.Join(' ', Enumerable.Repeat("the office opens after seven bicycles are kept in the cellar", 3));

        var found = await tagger.TagAsync(text);

        var rows = new BertReference(Weights).Hidden(WordPieceReference.Encode(text))[1..^1];
        var words = text.Split(' ');
        rows.Length.Should().Be(words.Length, "each word is one token");
        var expected = new List<(PersonalDataKind Kind, string Text)>();
        for (var i = 0; i < rows.Length; i++)
        {
            var label = Labels[Array.IndexOf(rows[i], rows[i].Max())];
            var goesOn = i > 0 && label == "I-LOC" && Labels[Array.IndexOf(rows[i - 1], rows[i - 1].Max())] == "I-LOC";
            if (goesOn)
                expected[^1] = (expected[^1].Kind, $"{expected[^1].Text} {words[i]}");
            else if (label != "O")
                expected.Add((label == "B-PER" ? PersonalDataKind.PersonName : PersonalDataKind.PlaceName, words[i]));
        }

        found.Select(entity => (entity.Kind, entity.Range.Of(text))).Should().Equal(expected).And.NotBeEmpty();
        found.Should().OnlyContain(entity => entity.Score > 0 && entity.Score <= 1);
    }

    [Fact]
    public void A_model_without_labels_of_names_is_refused()
    {
        using var folder = Folder(["safe", "unsafe"]);
        var loading = () => new OnnxEntityTagger(folder.Path);

        loading.Should().Throw<OnnxModelException>().WithMessage("*B-PER*");
    }

    private static ModelFolderWriter Folder(string[] labels)
    {
        var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.Json("config.json", new
        {
            model_type = "bert",
            hidden_size = Weights.Shape.Width,
            vocab_size = Weights.Shape.Vocabulary,
            max_position_embeddings = Weights.Shape.MaxPositions,
            pad_token_id = 0,
            id2label = labels.Select((label, id) => (label, id)).ToDictionary(pair => $"{pair.id}", pair => pair.label),
        });
        return folder;
    }
}

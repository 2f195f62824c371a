using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Embeddings;

public class EmbeddingPurposeTests
{
    [Fact]
    public void A_purpose_goes_along_with_options_and_leaves_them_as_they_were()
    {
        var options = new EmbeddingGenerationOptions { Dimensions = 7, AdditionalProperties = new() { ["other"] = 1 } };

        var query = options.WithPurpose(EmbeddingPurpose.Query);

        query.GetPurpose().Should().Be(EmbeddingPurpose.Query);
        query.WithPurpose(EmbeddingPurpose.Document).GetPurpose().Should().Be(EmbeddingPurpose.Document);
        query.Dimensions.Should().Be(7);
        query.AdditionalProperties!["other"].Should().Be(1);
        options.GetPurpose().Should().BeNull();
        options.AdditionalProperties.Should().HaveCount(1);
        EmbeddingPurposeExtensions.GetPurpose(null).Should().BeNull();
    }
}
